"""Make, describe and check the topics: what `schemas.topics` says and what the broker has are compared, and each difference is a sentence.

The wanted shape is worked out purely (`wanted_topics`, `differences`); only the functions that take a client speak to a broker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from runtime.brokers import BrokerSettings, for_kafka_python
from schemas.topics import DEAD_LETTERS_KEPT_MS, TOPICS, Topic

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
# a page is at most 5 MB raw; with its envelope a message stays under this
LARGEST_MESSAGE = 8 * 1024 * 1024


class TopicsMissing(RuntimeError):  # noqa: N818 - it is told to a person as it stands
    """Topics that a process needs are not there; without this check a client would wait for them silently, for ever."""


@dataclass(frozen=True)
class Shape:
    """A topic as the broker keeps it: `configs` are the values that matter to us."""

    partitions: int
    configs: Mapping[str, str] = field(default_factory=dict)


def wanted_topics(topics: Iterable[Topic] = TOPICS, namespace: str = "") -> dict[str, Shape]:
    """Return every topic to be made, dead letters included, with its partitions and configuration."""
    wanted: dict[str, Shape] = {}
    for topic in topics:
        wanted[namespace + topic.name] = Shape(topic.partitions, configs_of(topic))
        wanted[namespace + topic.dead_letters] = Shape(1, _common() | _kept(DEAD_LETTERS_KEPT_MS))
    return wanted


def configs_of(topic: Topic) -> dict[str, str]:
    """Return the configuration that a topic's declaration means."""
    return _common() | (_compacted() if topic.compacted else _kept(topic.kept_ms))


def _common() -> dict[str, str]:
    """The broker's time of arrival is kept: what is old is then told by the log, not by a message about itself."""
    return {
        "compression.type": "zstd",
        "max.message.bytes": str(LARGEST_MESSAGE),
        "message.timestamp.type": "LogAppendTime",
    }


def _kept(kept_ms: int | None) -> dict[str, str]:
    if kept_ms is None:
        return {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
    return {"cleanup.policy": "delete", "retention.ms": str(kept_ms), "segment.ms": str(min(DAY_MS, kept_ms))}


def _compacted() -> dict[str, str]:
    return {
        "cleanup.policy": "compact",
        "min.compaction.lag.ms": str(HOUR_MS),
        "delete.retention.ms": str(7 * DAY_MS),
        "segment.ms": str(DAY_MS),
    }


def differences(wanted: Mapping[str, Shape], found: Mapping[str, Shape]) -> list[str]:
    """Return one sentence for each way in which the broker differs from what is wanted."""
    return [sentence for name, shape in wanted.items() for sentence in _differences(name, shape, found.get(name))]


def _differences(name: str, wanted: Shape, found: Shape | None) -> Iterator[str]:
    if found is None:
        yield f"{name} is missing; cure: copytaster topics create"
        return
    if found.partitions != wanted.partitions:
        yield (
            f"{name} has {found.partitions} partitions, declared are {wanted.partitions}; partitions cannot be taken away and "
            "adding some moves keys: make the topic anew or change schemas/topics.py"
        )
    for key, value in wanted.configs.items():
        if found.configs.get(key) != value:
            yield f"{name} has {key}={found.configs.get(key)}, declared is {value}; cure: copytaster topics create"


@contextmanager
def administrator(settings: BrokerSettings, wait_ms: int = 30_000) -> Iterator[Any]:
    """Give an admin client, closed at the end. Raises kafka.errors.KafkaError if no broker answers in `wait_ms`."""
    from kafka.admin import KafkaAdminClient

    client = KafkaAdminClient(client_id="copytaster-admin", bootstrap_timeout_ms=wait_ms, **for_kafka_python(settings))
    try:
        yield client
    finally:
        client.close()


def found_topics(client: Any, names: Iterable[str]) -> dict[str, Shape]:
    """Return those of the named topics that exist."""
    from kafka.admin import ConfigResource, ConfigResourceType

    wanted = set(names)
    there = {one["name"]: len(one["partitions"]) for one in client.describe_topics() if one["name"] in wanted}
    if not there:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in sorted(there)]
    (configs,) = client.describe_configs(resources, config_filter="all").values()
    return {name: Shape(count, _plain(configs[name])) for name, count in there.items()}


def _plain(configs: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(entry["value"]) for key, entry in configs.items()}


def create_topics(client: Any, settings: BrokerSettings, topics: Iterable[Topic] = TOPICS) -> list[str]:
    """Make what is missing and set what differs; return one sentence for each act. Partitions are left as they are."""
    wanted = wanted_topics(topics, settings.namespace)
    found = found_topics(client, wanted)
    return [*_make(client, settings, wanted, found), *_adjust(client, wanted, found)]


def _make(client: Any, settings: BrokerSettings, wanted: Mapping[str, Shape], found: Mapping[str, Shape]) -> list[str]:
    from kafka.errors import TopicAlreadyExistsError

    new = {name: _order(shape, settings) for name, shape in wanted.items() if name not in found}
    if not new:
        return []
    with suppress(TopicAlreadyExistsError):  # another process was making them at the same time
        client.create_topics(new, timeout_ms=30_000)
    client.wait_for_topics(list(new), timeout_ms=30_000)
    return [f"{name} made, {order['num_partitions']} partitions" for name, order in new.items()]


def _order(shape: Shape, settings: BrokerSettings) -> dict[str, Any]:
    return {
        "num_partitions": shape.partitions,
        "replication_factor": settings.replication_factor,
        "configs": dict(shape.configs),
    }


def _adjust(client: Any, wanted: Mapping[str, Shape], found: Mapping[str, Shape]) -> list[str]:
    from kafka.admin import ConfigResource, ConfigResourceType

    changed = {name: _changed(wanted[name], shape) for name, shape in found.items() if _changed(wanted[name], shape)}
    if changed:
        client.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name, configs=new) for name, new in changed.items()]
        )
    return [f"{name} set {', '.join(f'{key}={value}' for key, value in new.items())}" for name, new in changed.items()]


def _changed(wanted: Shape, found: Shape) -> dict[str, str]:
    return {key: value for key, value in wanted.configs.items() if found.configs.get(key) != value}


def check_topics(client: Any, settings: BrokerSettings, topics: Iterable[Topic] = TOPICS) -> list[str]:
    """Return one sentence for each difference between the declaration and the broker; none if all is well."""
    wanted = wanted_topics(topics, settings.namespace)
    return differences(wanted, found_topics(client, wanted))


def require_topics(settings: BrokerSettings, names: Iterable[str], wait_ms: int = 30_000) -> None:
    """Return if every named topic (without namespace) exists, else raise TopicsMissing: each process asks this at its start."""
    wanted = {settings.named(name) for name in names}
    with administrator(settings, wait_ms) as client:
        there = {one["name"] for one in client.describe_topics()}
    if missing := sorted(wanted - there):
        raise TopicsMissing(f"{', '.join(missing)} not on {settings.bootstrap_servers}; cure: copytaster topics create")
