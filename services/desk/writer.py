"""The desk's two ends of the log: reading all partitions without a group, and writing what people say."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from runtime.brokers import BrokerSettings, for_kafka_python
from schemas.articles import Article
from schemas.base import Fact
from schemas.codec import decode, encode
from schemas.facts import ArticleDeduplicated
from schemas.topics import BY_NAME, TOPICS, Topic
from services.desk.follow import POLL_MS, Follower, Place

WAIT_SECONDS = 10.0
TEXTS = "articles-deduplicated"


class _Read:
    """One record under the topic's name without namespace."""

    def __init__(self, record: Any, topic: str) -> None:
        self.topic, self.partition, self.offset, self.value = topic, record.partition, record.offset, record.value


def topics_of(reader: str) -> list[Topic]:
    """The topics that a service reads."""
    return [topic for topic in TOPICS if reader in topic.read_by]


class KafkaLog:
    """All partitions of the desk's topics by assignment. The thread that follows is the only one that uses it."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._settings = settings
        self._names = {settings.named(topic.name): topic for topic in topics_of("desk")}
        self._consumer: Any = None
        self._lock = threading.Lock()

    def begin(self, places: Mapping[Place, int]) -> None:
        """Assign everything and go to the kept places."""
        self._consumer = self._connected()
        partitions = [
            TopicPartition(name, number) for name, topic in self._names.items() for number in range(topic.partitions)
        ]
        self._consumer.assign(partitions)
        for partition in partitions:
            offset = places.get((self._names[partition.topic].name, partition.partition))
            if offset is None:
                self._consumer.seek_to_beginning(partition)
            else:
                self._consumer.seek(partition, offset)

    def _connected(self) -> Any:
        while True:
            try:
                return KafkaConsumer(
                    enable_auto_commit=False,
                    auto_offset_reset="earliest",
                    max_poll_records=2000,
                    **for_kafka_python(self._settings),
                )
            except KafkaError:
                time.sleep(1)

    def poll(self) -> Sequence[_Read]:
        """What came; nothing while the broker is away."""
        try:
            found = self._consumer.poll(timeout_ms=POLL_MS)
        except KafkaError:
            time.sleep(0.2)
            return []
        return [_Read(record, self._names[part.topic].name) for part, records in found.items() for record in records]

    def ends(self) -> Mapping[Place, int]:
        """Where each partition ends now."""
        ends = self._consumer.end_offsets(list(self._consumer.assignment()))
        return {(self._names[part.topic].name, part.partition): end for part, end in ends.items()}


class KafkaWriter:
    """Writes facts with acknowledgement, then waits until the follower has read them back."""

    def __init__(self, settings: BrokerSettings, follower: Follower) -> None:
        self._settings, self._follower = settings, follower
        self._producer: Any = None
        self._lock = threading.Lock()

    def say(self, topic: str, key: str, fact: Fact) -> None:
        """Write one fact. Raises `TimeoutError` when the log does not take it or the desk does not read it back in time."""
        try:
            sent = (
                self._get()
                .send(self._settings.named(topic), key=key.encode(), value=encode(fact))
                .get(timeout=WAIT_SECONDS)
            )
        except KafkaError as error:
            raise TimeoutError(f"{type(error).__name__} from the broker") from error
        if "desk" in BY_NAME[topic].read_by and not self._follower.wait_for(
            topic, sent.partition, sent.offset, WAIT_SECONDS
        ):
            raise TimeoutError("it is written, and this desk has not read it back yet")

    def _get(self) -> Any:
        with self._lock:
            if self._producer is None:
                self._producer = KafkaProducer(
                    acks="all", max_block_ms=int(WAIT_SECONDS * 1000), **for_kafka_python(self._settings)
                )
            return self._producer


class KafkaTexts:
    """Reads texts where they stand in the log; one connection, opened at the first question, one question at a time."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._settings = settings
        self._consumer: Any = None
        self._lock = threading.Lock()

    def read(self, partition: int, offset: int) -> Article | None:
        """The article there, None where the log keeps it no longer. Raises `TimeoutError` when the log does not answer in time."""
        part = TopicPartition(self._settings.named(TEXTS), partition)
        with self._lock:
            try:
                return self._read(part, offset)
            except KafkaError as error:
                self._consumer = None
                raise TimeoutError(f"{type(error).__name__} from the broker") from error

    def _read(self, part: TopicPartition, offset: int) -> Article | None:
        if self._consumer is None:
            self._consumer = KafkaConsumer(
                enable_auto_commit=False,
                auto_offset_reset="none",
                max_poll_records=1,
                **for_kafka_python(self._settings),
            )
        self._consumer.assign([part])
        if self._consumer.beginning_offsets([part])[part] > offset:
            return None
        self._consumer.seek(part, offset)
        records = self._consumer.poll(timeout_ms=int(WAIT_SECONDS * 1000)).get(part, [])
        if not records:
            raise TimeoutError(f"offset {offset} of {part.topic} was not read within {WAIT_SECONDS:g} s")
        fact = decode(records[0].value)
        return fact.article if isinstance(fact, ArticleDeduplicated) and records[0].offset == offset else None
