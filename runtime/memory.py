"""State as the fold of a service's own output facts: of two facts with one cause the first counts.

`Memory` is the fold itself, pure. `Tail` keeps it level with the log; `read_to_end` folds a topic once, for services that
keep a ledger:

    ledger = {}
    read_to_end(settings, "deliveries-attempted", lambda fact, position: ledger.update({fact.key: fact}), partitions=[3, 4])
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Generic
from uuid import UUID

from runtime import metrics
from runtime.brokers import for_aiokafka
from runtime.handling import Decider, S
from runtime.logs import log
from runtime.readback import partitions_of, records_to_end
from runtime.settings import ServiceSettings
from schemas.base import Fact, Position
from schemas.codec import Unreadable, decode
from schemas.topics import BY_NAME

_LARGEST_FETCH = 8_388_608
_ROUND = 500


class Memory(Generic[S]):
    """What a deciding service remembers. `remembered` causes are kept, to know a repeat that came in again at another offset."""

    def __init__(self, decider: Decider[S], remembered: int = 200_000) -> None:
        self._decider, self._remembered = decider, remembered
        self.state: S = decider.initial()
        self.folded = 0
        self._causes: set[bytes] = set()
        self._order: deque[bytes] = deque()
        self._highest: dict[str, int] = {}

    def knows(self, cause: UUID) -> bool:
        """Whether a message of this id has been answered."""
        return cause.bytes in self._causes

    def is_past(self, position: Position) -> bool:
        """Whether the message at this position, or a later one of its topic, has been answered."""
        return position.offset <= self.highest(position.topic)

    def highest(self, topic: str) -> int:
        """The highest offset of this topic that has been answered, -1 if none has."""
        return self._highest.get(topic, -1)

    def fold(self, fact: Fact) -> bool:
        """Fold one fact of the memory topic; False if it is none of ours, or repeats a cause that is known."""
        if not self._decider.remembers(fact):
            return False
        if fact.meta.cause is not None and self.knows(fact.meta.cause):
            return False
        self.state = self._decider.evolve(self.state, fact)
        self._note(fact)
        return True

    def _note(self, fact: Fact) -> None:
        self.folded += 1
        metrics.FOLDED.labels(service=self._decider.name).inc()
        if fact.meta.source is not None:
            source = fact.meta.source
            self._highest[source.topic] = max(source.offset, self.highest(source.topic))
        if fact.meta.cause is not None:
            self._causes.add(fact.meta.cause.bytes)
            self._order.append(fact.meta.cause.bytes)
            if len(self._order) > self._remembered:
                self._causes.discard(self._order.popleft())


class Tail:
    """Reads a topic of one partition from its beginning and keeps on; a consumer of its own, without a group.

    Raises out of `run` what it cannot go on from: the process must then end.
    """

    def __init__(self, settings: ServiceSettings, topic: str, fold: Callable[[Fact], Any]) -> None:
        self._settings, self._topic, self._fold = settings, topic, fold
        self._consumer: Any = None
        self._started = asyncio.Event()
        self._moved = asyncio.Condition()

    async def run(self) -> None:
        """Fold for ever."""
        from aiokafka import AIOKafkaConsumer, TopicPartition

        self._part = TopicPartition(self._settings.topic(self._topic), 0)
        consumer = AIOKafkaConsumer(
            **for_aiokafka(self._settings.broker),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=_LARGEST_FETCH,
        )
        await consumer.start()
        try:
            consumer.assign([self._part])
            await consumer.seek_to_beginning(self._part)
            self._consumer = consumer
            self._started.set()
            while True:
                await self._round(consumer)
        finally:
            await consumer.stop()

    async def _round(self, consumer: Any) -> None:
        for records in (await consumer.getmany(timeout_ms=1000, max_records=_ROUND)).values():
            for record in records:
                self._take(record)
        async with self._moved:
            self._moved.notify_all()

    def _take(self, record: Any) -> None:
        try:
            self._fold(decode(record.value))
        except Unreadable as error:  # not written by us, and whoever reads the topic as an inbox will dead-letter it
            log.warning("passed over in the memory", topic=self._topic, offset=record.offset, why=error.outcome.value)

    async def level(self) -> None:
        """Return when everything that the topic holds now has been folded. Raises KafkaError while the broker is away."""
        await self._started.wait()
        end = (await self._consumer.end_offsets([self._part]))[self._part]
        async with self._moved:
            while await self._consumer.position(self._part) < end:
                await self._moved.wait()


def read_to_end(
    settings: ServiceSettings,
    topic: str,
    fold: Callable[[Fact, Position], object],
    partitions: Iterable[int] | None = None,
) -> dict[int, int]:
    """Fold what these partitions (default all) hold now, oldest first; returns the next offset of each.

    Tombstones and unreadable records are passed over. Raises KafkaError when the broker does not answer.
    """
    numbers = range(BY_NAME[topic].partitions) if partitions is None else partitions
    every = partitions_of(settings.broker, {topic: BY_NAME[topic].partitions})
    ends: dict[Any, int] = {}
    for record in records_to_end(settings.broker, [every[number] for number in numbers], ends):
        _fold_one(record, Position(topic=topic, partition=record.partition, offset=record.offset), fold)
    return {part.partition: offset for part, offset in ends.items()}


def _fold_one(record: Any, position: Position, fold: Callable[[Fact, Position], object]) -> None:
    if record.value is None:
        return
    try:
        fact = decode(record.value)
    except Unreadable as error:
        log.warning(
            "passed over",
            topic=position.topic,
            partition=position.partition,
            offset=position.offset,
            why=error.outcome.value,
        )
        return
    fold(fact, position)
