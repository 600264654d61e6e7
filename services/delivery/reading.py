"""Reads single messages of the log where they stand, and a small topic from its beginning on, without a group."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from runtime.brokers import for_kafka_python
from runtime.logs import log
from runtime.settings import ServiceSettings
from schemas.base import Fact, Position
from schemas.codec import Unreadable, decode

_POLL_MS = 500


def read_at(settings: ServiceSettings, places: Iterable[Position]) -> dict[Position, Fact]:
    """The facts at these places of the log; what is no longer there is left out. Raises KafkaError while the broker is away."""
    from kafka import KafkaConsumer, TopicPartition

    wanted: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for place in places:
        wanted[place.topic, place.partition].add(place.offset)
    consumer = KafkaConsumer(
        **for_kafka_python(settings.broker), enable_auto_commit=False, allow_auto_create_topics=False
    )
    found: dict[Position, Fact] = {}
    try:
        for (topic, number), offsets in wanted.items():
            part = TopicPartition(settings.topic(topic), number)
            found.update(_of_partition(consumer, part, topic, offsets))
    finally:
        consumer.close(autocommit=False, timeout_ms=2000)
    return found


def _of_partition(consumer: Any, part: Any, topic: str, offsets: set[int]) -> dict[Position, Fact]:
    consumer.assign([part])
    end = min(consumer.end_offsets([part])[part], max(offsets) + 1)
    consumer.seek(part, max(min(offsets), consumer.beginning_offsets([part])[part]))
    found: dict[Position, Fact] = {}
    while consumer.position(part) < end:
        for record in consumer.poll(timeout_ms=_POLL_MS).get(part, ()):
            if record.offset in offsets and record.value is not None:
                found[Position(topic=topic, partition=part.partition, offset=record.offset)] = decode(record.value)
    return found


class Follower:
    """Follows a topic of one partition from its beginning, in a thread; `take` gets each fact and whether it was there at the start."""

    def __init__(self, settings: ServiceSettings, topic: str, take: Callable[[Fact, bool], object]) -> None:
        self._settings, self._topic, self._take = settings, topic, take
        self._stop = threading.Event()
        self.caught_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"following {topic}", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def end(self) -> None:
        """Follow no more."""
        self._stop.set()
        self._thread.join(5)

    def _run(self) -> None:
        from kafka.errors import KafkaError

        place = 0
        while not self._stop.is_set():
            try:
                place = self._follow(place)
            except KafkaError as error:
                log.warning("waiting for the broker", topic=self._topic, why=type(error).__name__)
                self._stop.wait(1)

    def _follow(self, place: int) -> int:
        from kafka import KafkaConsumer, TopicPartition

        consumer = KafkaConsumer(**for_kafka_python(self._settings.broker), enable_auto_commit=False)
        part = TopicPartition(self._settings.topic(self._topic), 0)
        try:
            consumer.assign([part])
            end = consumer.end_offsets([part])[part]
            consumer.seek(part, place)
            while not self._stop.is_set():
                place = consumer.position(part)
                if place >= end:
                    self.caught_up.set()
                for record in consumer.poll(timeout_ms=_POLL_MS).get(part, ()):
                    self._one(record, record.offset < end and not self.caught_up.is_set())
                    place = record.offset + 1
        finally:
            consumer.close(autocommit=False, timeout_ms=2000)
        return place

    def _one(self, record: Any, from_before: bool) -> None:
        if record.value is None:
            return
        try:
            self._take(decode(record.value), from_before)
        except Unreadable as error:
            log.warning("passed over", topic=self._topic, offset=record.offset, why=error.outcome.value)
