"""A thread that asks the broker, from outside of the loop: is it there, how far is the group, how old is the oldest unread message."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.brokers import for_kafka_python
from runtime.settings import ServiceSettings
from schemas.topics import BY_NAME

_EVERY = 2.0
_ANSWER_MS = 3_000


@dataclass(frozen=True)
class Unread:
    """How many messages of a topic wait for the group, and the age of the oldest, by the time of its record."""

    messages: int
    oldest_seconds: float


@dataclass(frozen=True)
class Look:
    """What was seen once. `progress` is the sum of the committed offsets; `why` says why not connected."""

    connected: bool
    progress: int = 0
    unread: Mapping[str, Unread] = field(default_factory=dict)
    why: str = ""


class Probe(threading.Thread):
    """Looks every two seconds and reports each look."""

    def __init__(
        self, group: str, settings: ServiceSettings, topics: tuple[str, ...], report: Callable[[Look], None]
    ) -> None:
        super().__init__(name="probe", daemon=True)
        self._group, self._settings, self._topics, self._report = group, settings, topics, report
        self._end = threading.Event()
        self._client: Any = None

    def end(self) -> None:
        """Look no more."""
        self._end.set()

    def run(self) -> None:
        while not self._end.is_set():
            self._report(self._look())
            self._end.wait(_EVERY)

    def _look(self) -> Look:
        from kafka.errors import KafkaError

        try:
            return self._seen()
        except (KafkaError, OSError, ValueError, AssertionError) as error:
            self._forget()
            return Look(connected=False, why=type(error).__name__)

    def _seen(self) -> Look:
        client = self._connected()
        if not self._topics:
            client.topics()
            return Look(connected=True)
        parts = self._partitions()
        ends = client.end_offsets(parts, timeout_ms=_ANSWER_MS)
        begins = client.beginning_offsets(parts, timeout_ms=_ANSWER_MS)
        done = {part: max(client.committed(part, timeout_ms=_ANSWER_MS) or 0, begins[part]) for part in parts}
        behind = {part: done[part] for part in parts if ends[part] > done[part]}
        oldest = self._oldest(behind)
        unread = {topic: self._unread(topic, ends, behind, oldest) for topic in self._topics}
        return Look(connected=True, progress=sum(done.values()), unread=unread)

    def _unread(
        self, topic: str, ends: Mapping[Any, int], behind: Mapping[Any, int], oldest: Mapping[Any, float]
    ) -> Unread:
        mine = [part for part in behind if part.topic == self._settings.topic(topic)]
        ages = [time.time() - oldest[part] for part in mine if part in oldest]
        return Unread(sum(ends[part] - behind[part] for part in mine), max([0.0, *ages]))

    def _oldest(self, behind: Mapping[Any, int]) -> dict[Any, float]:
        """The time of the first unread record of each partition that is behind, as far as they come within a second."""
        if not behind:
            return {}
        self._client.assign(list(behind))
        for part, offset in behind.items():
            self._client.seek(part, offset)
        found: dict[Any, float] = {}
        end = time.monotonic() + 1
        while len(found) < len(behind) and time.monotonic() < end:
            for part, records in self._client.poll(timeout_ms=200).items():
                found.setdefault(part, records[0].timestamp / 1000)
                self._client.pause(part)
        self._client.unsubscribe()
        return found

    def _partitions(self) -> list[Any]:
        from kafka import TopicPartition

        names = {self._settings.topic(topic): BY_NAME[topic].partitions for topic in self._topics}
        return [TopicPartition(name, number) for name, count in names.items() for number in range(count)]

    def _connected(self) -> Any:
        from kafka import KafkaConsumer

        if self._client is None:
            self._client = KafkaConsumer(
                **for_kafka_python(self._settings.broker),
                client_id=f"{self._settings.member(self._group)}-probe",
                group_id=self._settings.broker.named(self._group),
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                bootstrap_timeout_ms=3 * _ANSWER_MS,
                max_partition_fetch_bytes=1024,
                max_poll_records=1,
                allow_auto_create_topics=False,
            )
        return self._client

    def _forget(self) -> None:
        from kafka.errors import KafkaError

        client, self._client = self._client, None
        if client is not None:
            try:
                client.close(autocommit=False, timeout_ms=500)
            except (KafkaError, OSError):
                return
