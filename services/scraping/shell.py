"""The running service: every source has a task that waits until it is due; a thread follows what operators say of sources."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from runtime import metrics
from runtime.brokers import for_kafka_python
from runtime.clock import now
from runtime.handling import Output
from runtime.logs import log
from runtime.memory import read_to_end
from runtime.process import Process, process
from runtime.publish import Publisher, Stopped
from schemas.base import Fact, Position
from schemas.codec import NewerVersion, Unreadable, decode
from schemas.facts import PollRecorded, SourceConfigured
from services.scraping.fetcher import Fetcher
from services.scraping.poller import Poller
from services.scraping.polling import GONE, is_stopped
from services.scraping.settings import Settings
from services.scraping.silence import is_silent

WRITES = ("pages-fetched", "polls-recorded", "messages-suppressed")
READS = "sources"
_PAUSE_AFTER_ERROR = 5.0
_TURN = 1.0


def main(settings: Settings | None = None) -> None:
    """Run until told to stop."""
    settings = settings or Settings()
    with process("scraping", settings) as here:
        if not here.wait_for_topics((READS, *WRITES)):
            return
        try:
            with Publisher(settings, "scraping", here.stop) as publisher:
                asyncio.run(_run(here, settings, publisher))
        except Stopped:
            log.info("stopped while the broker was away")


async def _run(here: Process, settings: Settings, publisher: Publisher) -> None:
    async def put(outputs: list[Output]) -> None:
        await asyncio.to_thread(publisher.put, outputs)

    async with Fetcher(settings) as fetcher:
        keeper = Keeper(Poller(settings, fetcher, put, now), settings.polls_at_once)
        following = await asyncio.to_thread(_read_log, here, settings, keeper)
        loop = asyncio.get_running_loop()
        heard: Callable[[SourceConfigured], object] = lambda fact: loop.call_soon_threadsafe(keeper.configured, fact)  # noqa: E731
        follower = threading.Thread(target=follow, args=(here, settings, following, heard), name="sources", daemon=True)
        keeper.begin()
        follower.start()
        here.working()
        while not here.stop.is_set():
            here.beat()
            keeper.look()
            await asyncio.to_thread(here.stop.wait, _TURN)
        await keeper.end()
        await asyncio.to_thread(follower.join, 5)


def _read_log(here: Process, settings: Settings, keeper: Keeper) -> int:
    """Fold cursors and sources; returns where the sources go on. Waits for the broker."""
    from kafka.errors import KafkaError

    while not here.stop.is_set():
        try:
            read_to_end(settings, "polls-recorded", keeper.remember)
            return read_to_end(settings, READS, keeper.remember).get(0, 0)
        except KafkaError as error:
            log.warning("waiting for the broker", why=type(error).__name__)
            here.beat()
            here.stop.wait(1)
    raise Stopped("told to stop before the sources were read")


def follow(here: Process, settings: Settings, offset: int, heard: Callable[[SourceConfigured], object]) -> None:
    """Hand on what is said of sources from this offset on, until told to stop."""
    from kafka import KafkaConsumer, TopicPartition
    from kafka.errors import KafkaError

    consumer: Any = KafkaConsumer(
        **for_kafka_python(settings.broker), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    part = TopicPartition(settings.topic(READS), 0)
    consumer.assign([part])
    consumer.seek(part, offset)
    while not here.stop.is_set():
        try:
            records = consumer.poll(timeout_ms=500).get(part, [])
        except KafkaError as error:
            log.warning("sources cannot be followed for now", why=type(error).__name__)
            here.stop.wait(1)
            continue
        for record in records:
            _hand_on(here, record.value, heard)
    consumer.close(autocommit=False)


def _hand_on(here: Process, value: bytes | None, heard: Callable[[SourceConfigured], object]) -> None:
    if value is None:
        return
    try:
        fact = decode(value)
    except NewerVersion as error:
        here.waits_for_upgrade(str(error))
        return
    except Unreadable as error:
        log.error("a source that cannot be read is passed over", outcome=error.outcome.value, why=str(error))
        return
    if isinstance(fact, SourceConfigured):
        heard(fact)


class Keeper:
    """Which sources there are, where each stands, and the task that polls it. Lives in the loop's thread."""

    def __init__(self, poller: Poller, at_once: int) -> None:
        self._poller, self._room = poller, asyncio.Semaphore(at_once)
        self.sources: dict[str, SourceConfigured] = {}
        self.cursors: dict[str, PollRecorded] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._due: dict[str, asyncio.Event] = {}

    def remember(self, fact: Fact, position: Position) -> None:
        """Fold one fact of the log, before the start."""
        if isinstance(fact, PollRecorded):
            self.cursors[fact.source] = fact
        elif isinstance(fact, SourceConfigured):
            self.sources[fact.source.source] = fact

    def begin(self) -> None:
        """Start a task for every source."""
        for fact in list(self.sources.values()):
            self.configured(fact)

    def configured(self, fact: SourceConfigured) -> None:
        """Take in what an operator said of a source; one that is polled is polled at once."""
        key = fact.source.source
        self.sources[key] = fact
        self._due.setdefault(key, asyncio.Event()).set()
        if key not in self._tasks:
            self._tasks[key] = asyncio.get_running_loop().create_task(self._keep(key), name=f"source {key}")

    def look(self) -> None:
        """Set the gauge of silent sources."""
        at = now()
        silent = sum(is_silent(fact.source, self.cursors.get(key), at) for key, fact in self.sources.items())
        metrics.SILENT_SOURCES.set(silent)

    async def end(self) -> None:
        """End every task; a poll that is cut off is done again after the start, with the same ids."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _keep(self, key: str) -> None:
        while True:
            fact = self.sources[key]
            self._due[key].clear()
            cursor = fresh(self.cursors.get(key), fact)
            resting = fact.source.paused or fact.source.removed or is_stopped(cursor)
            wait = None if resting else seconds_to(cursor, now())
            if wait == 0:
                wait = await self._poll(fact, cursor)
            try:
                await asyncio.wait_for(self._due[key].wait(), wait)
            except TimeoutError:
                continue

    async def _poll(self, fact: SourceConfigured, cursor: PollRecorded | None) -> float:
        """Poll once; returns the seconds after which to look again."""
        async with self._room:
            try:
                self.cursors[fact.source.source] = await self._poller.poll(fact.source, cursor)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - one source must not end the others; it is logged and polled again
                log.error("poll broke off", source=fact.source.source, why=_told(error))
                return _PAUSE_AFTER_ERROR
        return 0.0


def _told(error: BaseException) -> str:
    inner = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
    return f"{type(inner).__name__}: {str(inner)[:300]}"


def fresh(cursor: PollRecorded | None, fact: SourceConfigured) -> PollRecorded | None:
    """The cursor as a source that was configured after it needs it: polled now, and asked without what was known of another address."""
    if cursor is None or fact.meta.root_at <= cursor.at:
        return cursor
    status = None if cursor.status == GONE else cursor.status
    return cursor.model_copy(update={"next_poll": cursor.at, "etag": None, "modified": None, "status": status})


def seconds_to(cursor: PollRecorded | None, at: datetime) -> float:
    """Seconds until the next poll, 0 if it is due."""
    return 0.0 if cursor is None else max(0.0, (cursor.next_poll - at).total_seconds())
