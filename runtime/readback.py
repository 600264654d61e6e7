"""Reads topics from their beginning to their present end, once, without a group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from runtime.brokers import BrokerSettings, for_kafka_python

_LARGEST = 8_388_608


def partitions_of(broker: BrokerSettings, counts: dict[str, int]) -> list[Any]:
    """All partitions of these topics (name without namespace, number of partitions), as kafka-python names them."""
    from kafka import TopicPartition

    return [TopicPartition(broker.named(topic), number) for topic, count in counts.items() for number in range(count)]


def records_to_end(broker: BrokerSettings, parts: Iterable[Any], ends: dict[Any, int] | None = None) -> Iterator[Any]:
    """Every record of these partitions up to the present end, in the order of each partition.

    `ends` takes up the next offset of each partition. Raises KafkaError when the broker does not answer.
    """
    from kafka import KafkaConsumer

    wanted = list(parts)
    consumer = KafkaConsumer(
        **for_kafka_python(broker),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=_LARGEST,
        fetch_max_wait_ms=100,
        allow_auto_create_topics=False,
    )
    try:
        yield from _records(consumer, wanted, {} if ends is None else ends)
    finally:
        consumer.close(autocommit=False, timeout_ms=2000)


def _records(consumer: Any, parts: list[Any], ends: dict[Any, int]) -> Iterator[Any]:
    if not parts:
        return
    consumer.assign(parts)
    ends.update(consumer.end_offsets(parts))
    for part, offset in consumer.beginning_offsets(parts).items():
        consumer.seek(part, offset)
    while any(consumer.position(part) < ends[part] for part in parts):
        for records in consumer.poll(timeout_ms=1000).values():
            yield from records
    ends.update({part: consumer.position(part) for part in parts})
