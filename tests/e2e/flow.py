"""The whole system in a folder of its own: real broker, one process a service, the demonstration's outlets; and an ear on its log."""

from __future__ import annotations

import os
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from kafka import KafkaConsumer, TopicPartition

from console import run as running
from console.running.plan import Program
from console.running.ports import anywhere
from console.running.supervisor import Supervisor
from runtime.brokers import BrokerSettings, for_kafka_python
from runtime.clock import now as clock
from schemas.base import Fact
from schemas.codec import decode
from schemas.facts import AlertRaised, AlertsDecided, ArticleTagged, MessageSuppressed, StepsTaken
from schemas.topics import TOPICS

F = TypeVar("F", bound=Fact)
PATIENCE = 120.0


class Ear(threading.Thread):
    """Hears every fact of the log, once each, in the order in which a partition has them."""

    def __init__(self, bootstrap: str) -> None:
        super().__init__(name="ear", daemon=True)
        self._settings = BrokerSettings(bootstrap_servers=bootstrap)
        self._over, self._heard = threading.Event(), threading.Condition()
        self._seen: set[str] = set()
        self.facts: list[Fact] = []
        self.repeats = 0

    def run(self) -> None:
        consumer = KafkaConsumer(
            enable_auto_commit=False, auto_offset_reset="earliest", **for_kafka_python(self._settings)
        )
        parts = [TopicPartition(topic.name, number) for topic in TOPICS for number in range(topic.partitions)]
        consumer.assign(parts)
        consumer.seek_to_beginning(*parts)
        while not self._over.is_set():
            for records in consumer.poll(timeout_ms=100).values():
                self._take([decode(record.value) for record in records if record.value is not None])
        consumer.close(autocommit=False)

    def _take(self, facts: Sequence[Fact]) -> None:
        with self._heard:
            for fact in facts:
                name = f"{fact.name()} {fact.id}"
                self.repeats += name in self._seen
                if name not in self._seen:
                    self._seen.add(name)
                    self.facts.append(fact)
            self._heard.notify_all()

    def all(self, kind: type[F]) -> list[F]:
        """Every fact of this kind so far."""
        with self._heard:
            return [fact for fact in self.facts if isinstance(fact, kind)]

    def first(self, kind: type[F], holds: Callable[[F], bool], what: str, seconds: float = PATIENCE) -> F:
        """The first fact of this kind for which it holds, waited for."""
        found: list[F] = []

        def there() -> bool:
            found[:] = [fact for fact in self.facts if isinstance(fact, kind) and holds(fact)][:1]
            return bool(found)

        with self._heard:
            if not self._heard.wait_for(there, timeout=seconds):
                raise AssertionError(f"{what} was not heard within {seconds:.0f} s")
        return found[0]

    def end(self) -> None:
        """Hear no more."""
        self._over.set()
        self.join(10)


@dataclass
class Flow:
    """One running system. `env` is given to every process besides what a run gives."""

    folder: Path
    scenario: Path
    speed: float = 10.0
    stepping: bool = True
    env: Mapping[str, str] = field(default_factory=dict)
    at_first: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.told = running.Run(
            folder=self.folder, ports=anywhere(), speed=self.speed, scenario=self.scenario,
            real_sources=None, own_broker=None, new_morning=True,
        )  # fmt: skip
        self._before = {
            name: os.environ.get(name) for name in ("KAFKA_BOOTSTRAP_SERVERS", "COPYTASTER_HOME", *self.env)
        }
        os.environ.update(
            {"KAFKA_BOOTSTRAP_SERVERS": self.told.bootstrap, "COPYTASTER_HOME": str(self.folder), **self.env}
        )
        self.programs = [self._adapted(program) for program in running.programs(self.told)]
        self.supervisor = Supervisor(self.programs, self.folder)
        self.supervisor.__enter__()
        try:
            self._bring_up()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _adapted(self, program: Program) -> Program:
        command = program.command
        if program.name == "publisher" and self.stepping:
            command = (*command, "--step")
        return Program(program.name, command, {**program.env, **self.env}, program.first)

    def _bring_up(self) -> None:
        running.wait_for_broker(self.told, self.supervisor)
        running.make_topics()
        running.write_record(self.told)
        running.configure(self.told)
        self.ear = Ear(self.told.bootstrap)
        self.ear.start()
        self.supervisor.start("publisher")
        self._wait_for_publisher()
        for item in self.at_first:
            self.post(item)
        self.supervisor.start_all([p.name for p in self.programs if not p.first and p.name != "publisher"])
        running.wait_until_ready(self.told, self.supervisor)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if hasattr(self, "ear"):
                self.ear.end()
        finally:
            self.supervisor.__exit__(kind, error, trace)
        for name, value in self._before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})

    def _wait_for_publisher(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(self.told.publisher, timeout=2).close()
                return
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def post(self, item: str) -> None:
        """Show one item and wait for nothing."""
        request = urllib.request.Request(f"{self.told.publisher}/show/{item}", method="POST")
        urllib.request.urlopen(request, timeout=5).close()

    def show(self, item: str, source: str, slug: str) -> ArticleTagged | MessageSuppressed:
        """Show one item and wait until every stage has answered it."""
        since = clock()
        self.post(item)
        return self.settled(f"{self.told.publisher}/{source}/{slug}", since, item)

    def settled(self, url: str, since: datetime, what: str) -> ArticleTagged | MessageSuppressed:
        """Wait until a version under this address that was fetched since then has gone through every stage, and say how it was tagged."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            tagged = [fact for fact in self.versions(url) if fact.head.fetched >= since]
            if tagged:
                self._wait_for_decision(tagged[-1], what)
                return tagged[-1]
            dropped = [
                s for s in self.ear.all(MessageSuppressed) if s.url == url and s.service in ("extraction", "scraping")
            ]
            if dropped:
                return dropped[-1]
            time.sleep(0.05)
        raise AssertionError(f"{what} did not come out of tagging within {PATIENCE:.0f} s ({url})")

    def versions(self, url: str) -> list[ArticleTagged]:
        """Every version under this address that was tagged."""
        return [fact for fact in self.ear.all(ArticleTagged) if fact.head.url == url]

    def _wait_for_decision(self, tagged: ArticleTagged, what: str) -> None:
        revision = tagged.head.copying is not None and tagged.head.copying.decision == "revision"
        if not tagged.assertions and not revision:
            return
        version = tagged.head.version
        steps = self.ear.first(
            StepsTaken, lambda s: s.head is not None and s.head.version == version, f"the steps of {what}"
        )
        self.ear.first(AlertsDecided, lambda d: d.meta.cause == steps.id, f"what alerting decided of {what}")

    def alerts(self) -> list[AlertRaised]:
        """Every alert so far."""
        return self.ear.all(AlertRaised)

    def pids(self) -> dict[str, int]:
        """The process of every program that runs."""
        return {state.name: state.pid for state in self.supervisor.states() if state.state == "RUNNING"}


@contextmanager
def flow(folder: Path, scenario: Path, **more: Any) -> Iterator[Flow]:
    """A running system that ends with the block."""
    with Flow(folder, scenario, **more) as running_flow:
        yield running_flow
