"""The whole system in a folder of its own: real broker, one process a service, the demonstration's outlets; and an ear on its log."""

from __future__ import annotations

import os
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from console import run as running
from console.running.plan import Program
from console.running.ports import anywhere
from console.running.supervisor import Supervisor
from runtime.brokers import BrokerSettings, for_kafka_python
from runtime.clock import now as clock
from runtime.dead_letters import read
from runtime.messages import Record
from runtime.readback import partitions_of, records_to_end
from schemas.base import Fact
from schemas.codec import decode
from schemas.facts import AlertRaised, AlertsDecided, ArticleTagged, MessageSuppressed, PageFetched, StepsTaken
from schemas.topics import TOPICS

F = TypeVar("F", bound=Fact)
PATIENCE = 300.0
running.READY_SECONDS = 600.0  # a person is told sooner that something does not start; a test's machine may be slow


class Ear(threading.Thread):
    """Hears every fact of the log, once each, in the order in which a partition has them."""

    def __init__(self, bootstrap: str) -> None:
        super().__init__(name="ear", daemon=True)
        self._settings = BrokerSettings(bootstrap_servers=bootstrap)
        self._over, self._heard = threading.Event(), threading.Lock()
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
            try:
                polled = consumer.poll(timeout_ms=100)
            except KafkaError:  # the broker was killed by a test: it comes back
                self._over.wait(0.2)
                continue
            for records in polled.values():
                self._take([decode(record.value) for record in records if record.value is not None])
        consumer.close(autocommit=False, timeout_ms=2000)

    def _take(self, facts: Sequence[Fact]) -> None:
        with self._heard:
            for fact in facts:
                name = f"{fact.name()} {fact.id}"
                self.repeats += name in self._seen
                if name not in self._seen:
                    self._seen.add(name)
                    self.facts.append(fact)

    def all(self, kind: type[F]) -> list[F]:
        """Every fact of this kind so far."""
        with self._heard:
            return [fact for fact in self.facts if isinstance(fact, kind)]

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
            if answer := self.answered(url, since):
                return answer
            time.sleep(0.05)
        raise AssertionError(
            f"{what} did not go through every stage within {PATIENCE:.0f} s ({url}): {self.reached(url)}"
        )

    def answered(self, url: str, since: datetime) -> ArticleTagged | MessageSuppressed | None:
        """How a version under this address that was fetched since then was tagged, or dropped, once every stage has answered it."""
        tagged = [fact for fact in self.versions(url) if fact.head.fetched >= since]
        if tagged:
            return tagged[-1] if self._decided(tagged[-1]) else None
        dropped = [s for s in self.ear.all(MessageSuppressed) if s.url == url]
        return next((s for s in reversed(dropped) if s.service in ("extraction", "scraping")), None)

    def in_flight(self, url: str, since: datetime) -> bool:
        """Whether a page under this address was fetched since then and some stage has not answered it yet."""
        fetched = [page for page in self.ear.all(PageFetched) if page.final_url == url and page.fetched >= since]
        return bool(fetched) and self.answered(url, since) is None

    def reached(self, url: str) -> str:
        """How far the versions under this address came, for whoever reads of a failure."""
        pages = sum(page.final_url == url for page in self.ear.all(PageFetched))
        return f"{pages} pages fetched, {len(self.versions(url))} versions tagged"

    def versions(self, url: str) -> list[ArticleTagged]:
        """Every version under this address that was tagged."""
        return [fact for fact in self.ear.all(ArticleTagged) if fact.head.url == url]

    def _decided(self, tagged: ArticleTagged) -> bool:
        revision = tagged.head.copying is not None and tagged.head.copying.decision == "revision"
        if not tagged.assertions and not revision:
            return True
        version = tagged.head.version
        steps = {s.id for s in self.ear.all(StepsTaken) if s.head is not None and s.head.version == version}
        return any(decided.meta.cause in steps for decided in self.ear.all(AlertsDecided))

    def alerts(self) -> list[AlertRaised]:
        """Every alert so far."""
        return self.ear.all(AlertRaised)

    def dead_letters(self) -> list[str]:
        """Every dead letter so far, in a line."""
        broker = BrokerSettings(bootstrap_servers=self.told.bootstrap)
        parts = partitions_of(broker, {topic.dead_letters: 1 for topic in TOPICS})
        records = records_to_end(broker, parts)
        letters = [read(Record(record.topic, record.key, record.value, tuple(record.headers))) for record in records]
        return [f"{one.service} {one.source} {one.outcome}: {one.sentence}" for one in letters]

    def pids(self) -> dict[str, int]:
        """The process of every program that runs."""
        return {state.name: state.pid for state in self.supervisor.states() if state.state == "RUNNING"}


@contextmanager
def flow(folder: Path, scenario: Path, **more: Any) -> Iterator[Flow]:
    """A running system that ends with the block."""
    with Flow(folder, scenario, **more) as running_flow:
        yield running_flow
