"""Starts service processes for a test, feeds them, and reads what they wrote."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, MemberToRemove
from kafka.errors import KafkaError
from prometheus_client.parser import text_string_to_metric_families

from runtime.admin import administrator
from runtime.brokers import BrokerSettings, for_kafka_python
from runtime.dead_letters import DeadLetter, read
from runtime.devbroker.ports import any_free
from runtime.messages import Record
from schemas.base import Fact, Meta
from schemas.codec import decode, encode
from schemas.facts import MessageSuppressed
from schemas.ids import derive
from tests.integration.shells.worker import FIRST, INBOX, MEMORY, SERVICE

PROJECT = Path(__file__).parents[3]
AT = datetime(2025, 3, 1, 12, tzinfo=UTC)


def order(number: int, detail: str = "") -> MessageSuppressed:
    """The message with this number, and what the handler is to do with it."""
    one = derive("order", number)
    meta = Meta(trace=f"trace-{number}", root_at=AT)
    return MessageSuppressed(
        id=one, meta=meta, service="test", outcome="published", about=str(number), detail=detail, at=AT
    )


def eventually(found: Callable[[], Any], within: float = 60) -> Any:
    """What `found` returns once it is true; fails with the last value after so many seconds."""
    end = time.monotonic() + within
    value = found()
    while not value:
        assert time.monotonic() < end, f"not within {within:.0f} s; last: {value!r}"
        time.sleep(0.05)
        value = found()
    return value


class Log:
    """One end of the log: writes the inbox, reads every other topic."""

    def __init__(self, settings: BrokerSettings) -> None:
        self.settings = settings
        self._producer = KafkaProducer(**for_kafka_python(settings))
        self._readers: dict[str, KafkaConsumer] = {}
        self._found: dict[str, list[Any]] = {}

    def close(self) -> None:
        self._producer.close(timeout=5)
        for reader in self._readers.values():
            reader.close(autocommit=False, timeout_ms=2000)

    def set_largest(self, topic: str, size: int) -> None:
        """Let the broker take no larger record than this for the topic, in bytes."""
        name, configs = self.settings.named(topic), {"max.message.bytes": str(size)}
        with administrator(self.settings) as client:
            client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs=configs)])

    def members(self) -> list[str]:
        """The ids that the broker knows the members of the workers' group by; a member that joins anew gets another."""
        group = self.settings.named(SERVICE)
        with administrator(self.settings) as client:
            described = client.describe_groups([group])[group]
        return [member["member_id"] for member in described["members"]]

    def remove_member(self, worker: str = "0") -> None:
        """Throw a worker out of its group, as the broker does with one that it has not heard from."""
        group = self.settings.named(SERVICE)
        with administrator(self.settings) as client:
            client.remove_group_members(group, [MemberToRemove(group_instance_id=f"{group}-{worker}")])

    def write(self, values: Iterable[Fact | bytes | None], headers: list[tuple[str, bytes]] | None = None) -> list[int]:
        """Write these to the inbox, acknowledged; returns their offsets."""
        topic = self.settings.named(INBOX)
        raw = [encode(value) if isinstance(value, Fact) else value for value in values]
        keys = [value.about.encode() if isinstance(value, MessageSuppressed) else b"key" for value in values]
        futures = [
            self._producer.send(topic, value=value, key=key, headers=headers or [])
            for key, value in zip(keys, raw, strict=True)
        ]
        return [future.get(timeout=30).offset for future in futures]

    def records(self, topic: str) -> list[Any]:
        """All records of a topic of one partition; what was read before is not read again."""
        try:
            return self._read_on(topic)
        except KafkaError:  # the broker was away: with a connection of its own it is found again
            self._readers.pop(topic).close(autocommit=False, timeout_ms=0)
            return self._read_on(topic)

    def _read_on(self, topic: str) -> list[Any]:
        part = TopicPartition(self.settings.named(topic), 0)
        if topic not in self._readers:
            self._readers[topic], self._found[topic] = self._reader(part), []
        reader, found = self._readers[topic], self._found[topic]
        end = reader.end_offsets([part])[part]
        while reader.position(part) < end:
            for some in reader.poll(timeout_ms=200).values():
                found.extend(some)
        return list(found)

    def _reader(self, part: TopicPartition) -> KafkaConsumer:
        reader = KafkaConsumer(
            **for_kafka_python(self.settings),
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            fetch_max_wait_ms=50,
        )
        reader.assign([part])
        reader.seek_to_beginning(part)
        return reader

    def facts(self, topic: str) -> list[Any]:
        return [decode(record.value) for record in self.records(topic)]

    def first(self) -> list[str]:
        """The numbers of the messages whose first output is in the log, repeats and all."""
        return [fact.about for fact in self.facts(FIRST)]

    def memory(self) -> list[tuple[str, str]]:
        """The memory facts: number of the message, and the state that was decided on it."""
        return [(record.key.decode(), decode(record.value).reason) for record in self.records(MEMORY)]  # type: ignore[attr-defined]

    def dead_letters(self) -> list[DeadLetter]:
        return [
            read(Record(INBOX, record.key, record.value, tuple(record.headers)))
            for record in self.records(INBOX + "-dlq")
        ]


class Worker:
    """One process of a test service."""

    def __init__(self, shell: str, log: Log, folder: Path, name: str = "0", **environment: str) -> None:
        self.port = any_free(1)[0]
        self.out = folder / f"worker-{name}-{self.port}.log"
        settings = log.settings
        given = {
            "KAFKA_BOOTSTRAP_SERVERS": settings.bootstrap_servers,
            "COPYTASTER_NAMESPACE": settings.namespace,
            "COPYTASTER_METRICS_PORT": str(self.port),
            "COPYTASTER_WORKER": name,
            "COPYTASTER_POOL": "1",
            "COPYTASTER_DEADLINE": "5",  # an innocent message on a slow machine must keep it
            "COPYTASTER_DECIDE_DEADLINE": "4",
            "COPYTASTER_RETRY_BOUND": "1",
            "COPYTASTER_SESSION": "30",
            "COPYTASTER_TEST_FOLDER": str(folder),
            **environment,
        }
        command = [sys.executable, "-m", "tests.integration.shells.worker", shell]
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(command, cwd=PROJECT, env=os.environ | given, stdout=out, stderr=out)

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page of the health server, (0, "") while there is none."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def metric(self, name: str) -> dict[str, float]:
        """The samples of one metric, by the values of their labels."""
        text = self.get("/metrics")[1]
        samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
        return {
            " ".join(sample.labels[name] for name in sorted(sample.labels)): sample.value
            for sample in samples
            if sample.name == name
        }

    def lines(self) -> list[dict[str, Any]]:
        """The log lines so far."""
        return [json.loads(line) for line in self.out.read_text().splitlines() if line.startswith("{")]

    def ended(self, within: float = 60) -> int:
        """The exit code, once it has ended."""
        return self.process.wait(within)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Tell it to stop, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)
