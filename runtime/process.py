"""What every process is made of: logs, metrics, health, signals, the probe of the broker, and how it ends.

For a service that does not consume (a clock, a fetcher):

    def main() -> None:
        settings = Settings()
        with process("clock", settings) as here:
            with Publisher(settings, "clock", here.stop) as publisher:
                here.working()                         # /readyz turns green once the broker answers
                while not here.stop.wait(seconds_to_the_next_minute()):
                    here.beat()                        # else the watchdog ends the process after `standstill`
                    publisher.put([...])

SIGTERM and SIGINT set `stop`; the process then finishes what it has in hand and exits 0.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from runtime import logs, metrics
from runtime.admin import TopicsMissing, require_topics
from runtime.brokers import silence
from runtime.health import Health, serve
from runtime.logs import log
from runtime.probe import Look, Probe
from runtime.settings import ServiceSettings
from runtime.watchdog import Standstill
from schemas.topics import DEAD_LETTERS

_PAUSE_SECONDS = 1.0
_ANSWER_MS = 10_000
BROKEN = 70
"""Exit code of a process that ended itself: the supervisor starts it again."""


class Process:
    """One running service process. `stop` is set by a signal; `beat` is called by its loop at least every few seconds."""

    def __init__(self, service: str, settings: ServiceSettings) -> None:
        self.service, self.settings = service, settings
        self.stop = threading.Event()
        self.health = Health(service)
        self.port = 0
        self._beaten = time.monotonic()
        self._standstill = Standstill(settings.standstill)
        self._excused = False
        self._wakers: list[Callable[[], None]] = []

    def beat(self) -> None:
        """Say that the loop goes round."""
        self._beaten = time.monotonic()

    def working(self) -> None:
        """Say that the process is up and in its loop."""
        self.beat()
        self.health.has("start")

    @property
    def connected(self) -> bool:
        """Whether the broker answered when it was last looked for."""
        return "broker" not in self.health.reasons()

    async def topics_are_there(self, topics: Iterable[str]) -> bool:
        """Wait until the broker answers and has these topics with their dead letters; False if told to stop before."""
        while not self.stop.is_set():
            if await asyncio.to_thread(self.topics_missing, topics) is None:
                return True
            await asyncio.sleep(_PAUSE_SECONDS)
        return False

    def wait_for_topics(self, topics: Iterable[str]) -> bool:
        """As `topics_are_there`, for a loop without asyncio."""
        while not self.stop.is_set():
            if self.topics_missing(topics) is None:
                return True
            self.stop.wait(_PAUSE_SECONDS)
        return False

    def topics_missing(self, topics: Iterable[str]) -> str | None:
        """What stands in the way of reading and writing these topics, None if nothing does; `/readyz` says it too."""
        from kafka.errors import KafkaError

        try:
            names = [name for topic in topics for name in (topic, topic + DEAD_LETTERS)]
            require_topics(self.settings.broker, names, _ANSWER_MS)
        except TopicsMissing as error:
            self.health.lacks("topics", str(error))
        except KafkaError as error:
            self.health.lacks("broker", silence(self.settings.broker, type(error).__name__))
        else:
            self.health.has("topics")
            return None
        self.beat()
        return "; ".join(self.health.reasons().values())

    def on_stop(self, wake: Callable[[], None]) -> None:
        """Call `wake` (from a signal handler) when the process is told to stop."""
        self._wakers.append(wake)

    def waits_for_upgrade(self, why: str) -> None:
        """Stay up and unready: a message is of a newer version than this process can read."""
        self._excused = True
        self.health.lacks("version", why)
        log.error("waiting for an upgrade", why=why)

    def ended_by(self, why: str) -> None:
        """End the process at once, without finishing: what is uncommitted is read again."""
        log.critical("ending", why=why)
        os._exit(BROKEN)

    def tell_stop(self, *_: object) -> None:
        """End after what is in hand; also a signal handler."""
        self.stop.set()
        for wake in self._wakers:
            wake()

    def looked(self, look: Look) -> None:
        """Take in what the probe saw: health, gauges, and whether this process has come to a standstill."""
        metrics.CONNECTED.labels(service=self.service).set(1 if look.connected else 0)
        if not look.connected:
            self._standstill.restart()
            self.beat()
            self.health.lacks("broker", silence(self.settings.broker, look.why))
            return
        self.health.has("broker")
        for topic, unread in look.unread.items():
            metrics.UNREAD.labels(service=self.service, topic=topic).set(unread.messages)
            metrics.OLDEST_UNREAD.labels(service=self.service, topic=topic).set(unread.oldest_seconds)
        self._judge(look)

    def _judge(self, look: Look) -> None:
        now = time.monotonic()
        silent = now - self._beaten
        if silent > self.settings.standstill and not self.stop.is_set():
            self.ended_by(f"the loop has made no turn for {silent:.0f} s though the broker answers")
        behind = any(unread.messages for unread in look.unread.values()) and not self._excused
        if self._standstill.seen(now, look.progress, behind=behind):
            self.ended_by(
                f"unread messages and no progress for {self.settings.standstill:.0f} s though the broker answers"
            )


@contextmanager
def process(service: str, settings: ServiceSettings, reads: Iterable[str] = ()) -> Iterator[Process]:
    """A process with logs, health and signals; `reads` are the topics of its group, named without namespace."""
    logs.configure(service, settings.log_level)
    topics = tuple(reads)
    metrics.begin(service, topics)
    here = Process(service, settings)
    server = serve(here.health, settings.metrics_host, settings.metrics_port)
    here.port = server.server_address[1]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, here.tell_stop)
    probe = Probe(service, settings, topics, here.looked)
    probe.start()
    log.info("started", worker=settings.worker, health_port=here.port)
    try:
        yield here
    except Exception:  # noqa: BLE001 - logged, and the process ends
        log.exception("ended by an error")
        os._exit(BROKEN)
    finally:
        probe.end()
        server.shutdown()
    log.info("stopped")
