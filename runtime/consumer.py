"""One member of a consumer group on kafka-python, with every measured trap avoided.

The topic's metadata is awaited before subscribing (else a first join can hang for ever), the session is short, the member
static, nothing is committed that was not marked done, and an error of the connection is waited out. As long as a partition
is this member's, nothing of it is given out twice, whatever the client does with its position: only a process that ends, or a
partition that had another owner, lets a message be read again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from runtime.brokers import for_kafka_python
from runtime.logs import log
from runtime.messages import Message
from runtime.process import Process
from runtime.settings import ServiceSettings
from schemas.base import Position

_LARGEST = 8_388_608
_JOIN_MS = 1000
_PAUSE = 0.2
_ANSWER_MS = 5000
_BOOTSTRAP_MS = 10_000  # on a starved machine three seconds were too short again and again (seen)
_PROOF_SECONDS = 5.0
_HUNG_SECONDS = 10.0


def message_of(record: Any, settings: ServiceSettings) -> Message:
    """A record of kafka-python as a message."""
    position = Position(topic=settings.plain(record.topic), partition=record.partition, offset=record.offset)
    headers = tuple((name, bytes(value or b"")) for name, value in record.headers or ())
    return Message(position, record.key, record.value, headers, record.timestamp or 0)


class Group:
    """Reads what the group gives this member; used by one thread."""

    def __init__(self, here: Process, topics: tuple[str, ...]) -> None:
        self._here, self._settings = here, here.settings
        self._topics = [self._settings.topic(topic) for topic in topics]
        self._done: dict[Any, int] = {}
        self._next: dict[Any, int] = {}  # of each partition: everything below is in hand or was done here
        self._rebalanced = threading.Event()
        self._was_out = threading.Event()  # the membership was lost
        self._doubtful: set[Any] = set()  # partitions for which another may have committed meanwhile
        self._member_at = time.monotonic()  # when it was last seen to be a member
        self._proved = 0.0  # when the membership last showed that it works
        self._consumer: Any = None

    def __enter__(self) -> Self:
        self._join()
        return self

    def _join(self) -> None:
        from kafka import ConsumerRebalanceListener

        group = self

        class Listener(ConsumerRebalanceListener):  # type: ignore[misc]
            """Only notes: it is called on the client's own thread, which must not be held up."""

            def on_partitions_revoked(self, revoked: Any) -> None:
                """They stay assigned until the rebalance has ended: only then is known what is lost."""

            def on_partitions_lost(self, lost: Any) -> None:
                """They mostly come back, with what is committed as their position."""
                group._was_out.set()

            def on_partitions_assigned(self, assigned: Any) -> None:
                group._rebalanced.set()

        self._consumer = self._connected(Listener())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        from kafka.errors import KafkaError

        if self._consumer is not None:
            try:
                self._consumer.close(autocommit=False, timeout_ms=2000)
            except KafkaError as closing:
                log.warning("the consumer did not close", why=type(closing).__name__)

    def _connected(self, listener: Any) -> Any:
        from kafka.errors import KafkaError

        while not self._here.stop.is_set():
            self._here.beat()
            consumer = None
            try:
                consumer = self._new()
                self._subscribe(consumer, listener)
                return consumer
            except KafkaError as error:
                log.warning("waiting for the broker", why=type(error).__name__)
                if consumer is not None:
                    consumer.close(autocommit=False, timeout_ms=0)
                self._here.stop.wait(_PAUSE)
        return None

    def _subscribe(self, consumer: Any, listener: Any) -> None:
        """Subscribe with the metadata at hand. Raises KafkaError.

        Without them the first join hangs, or is followed by a second one as soon as they come, which can hang too (seen).
        """
        while not all(consumer.partitions_for_topic(topic) for topic in self._topics):
            if self._here.stop.wait(0.05):
                return
        consumer.subscribe(self._topics, listener=listener)
        consumer.topics()

    def _new(self) -> Any:
        from kafka import KafkaConsumer

        session = int(self._settings.session * 1000)
        return KafkaConsumer(
            **for_kafka_python(self._settings.broker),
            client_id=self._settings.member(self._here.service),
            group_id=self._settings.broker.named(self._here.service),
            group_instance_id=self._settings.member(self._here.service),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=session,
            heartbeat_interval_ms=session // 5,
            max_partition_fetch_bytes=_LARGEST,
            fetch_max_bytes=2 * _LARGEST,
            bootstrap_timeout_ms=_BOOTSTRAP_MS,
            allow_auto_create_topics=False,
        )

    def take_rebalanced(self) -> bool:
        """Whether the assignment may have changed since this was last asked."""
        if not self._rebalanced.is_set():
            return False
        self._rebalanced.clear()
        for part in self.lost(self._next):
            self._next.pop(part)
            self._done.pop(part, None)
        return True

    def lost(self, parts: Iterable[Any]) -> set[Any]:
        """Those of these partitions that are no longer ours: what is in hand of them is read again by their owner.

        What is in hand of a partition that came back stays in hand: it is not given out a second time.
        """
        return set(parts) - set(self._consumer.assignment())

    def assignment(self) -> dict[str, tuple[int, ...]]:
        """The partitions of each topic that are ours now; names without namespace."""
        ours = sorted(self._consumer.assignment())
        names = {part.topic for part in ours}
        return {
            self._settings.plain(name): tuple(part.partition for part in ours if part.topic == name) for name in names
        }

    def poll(self, wait_ms: int, limit: int) -> list[Any]:
        """The next records, in the order of each partition; empty after `wait_ms` or when the broker is away."""
        from kafka.errors import KafkaError

        wait = wait_ms if self._settled() else max(wait_ms, _JOIN_MS)
        try:
            found = self._consumer.poll(timeout_ms=wait, max_records=limit)
        except KafkaError as error:
            self._fenced(error)
            log.warning("could not poll", why=type(error).__name__)
            self._proved = 0.0
            self._here.stop.wait(_PAUSE)
            return []
        self._join_anew_if_hung()
        if found or (wait >= _JOIN_MS and self._is_member()):
            self._proved = time.monotonic()
        return [record for records in found.values() for record in records if self._is_new(record)]

    def _is_new(self, record: Any) -> bool:
        """Whether it was not given out before: after a lost membership the client begins again at what is committed."""
        from kafka import TopicPartition

        part = TopicPartition(record.topic, record.partition)
        if record.offset < self._next.get(part, 0):
            return False
        self._next[part] = record.offset + 1
        return True

    def _fenced(self, error: Exception) -> None:
        from kafka.errors import FencedInstanceIdError

        if isinstance(error, FencedInstanceIdError):
            worker = self._settings.worker
            self._here.ended_by(f"another process runs as worker {worker!r}: give each its own COPYTASTER_WORKER")

    def _join_anew_if_hung(self) -> None:
        """Replace the client if it has been in one rebalance for long: a join of kafka-python 3.0.12 can hang for minutes (seen)."""
        if self._is_member() or not self._here.connected:
            self._member_at = time.monotonic()
        elif time.monotonic() - self._member_at > _HUNG_SECONDS and not self._here.stop.is_set():
            log.warning("joining anew", seconds=_HUNG_SECONDS)
            self._leave()
            self._join()
            self._member_at = time.monotonic()
            self._was_out.set()

    def _settled(self) -> bool:
        """Whether a short poll will do: a join that is awaited in slices of a short time-out is never sent (seen)."""
        return self._is_member() and time.monotonic() - self._proved < _PROOF_SECONDS

    def _is_member(self) -> bool:
        from kafka.structs import MemberState

        return bool(self._consumer.group_metadata().state == MemberState.STABLE)

    def stay(self) -> None:
        """Stay a member without reading: every partition is held for one poll, and what comes all the same is read again."""
        self.hold()
        for record in self.poll(0, limit=100)[::-1]:
            self.back_to(record)
        self.go_on()

    def back_to(self, record: Any) -> None:
        """Read this record, and what follows it, again."""
        from kafka import TopicPartition

        part = TopicPartition(record.topic, record.partition)
        if part in self._consumer.assignment():
            self._consumer.seek(part, record.offset)
            self._next[part] = record.offset

    def hold(self) -> None:
        """Read nothing more until `go_on`."""
        self._consumer.pause(*self._consumer.assignment())

    def go_on(self) -> None:
        """Read on after `hold`."""
        self._consumer.resume(*self._consumer.paused())

    def done(self, record: Any) -> None:
        """Mark this record, and with it all before it of its partition, as ready to be committed."""
        from kafka import TopicPartition

        self._done[TopicPartition(record.topic, record.partition)] = record.offset + 1

    @property
    def uncommitted(self) -> bool:
        return bool(self._done)

    def commit(self) -> None:
        """Commit what is marked as done. What fails is left marked: the next commit covers it, or it is read again."""
        from kafka.errors import KafkaError

        ours = self._consumer.assignment() if self._done and self._consumer else set()
        ready = {part: offset for part, offset in self._done.items() if part in ours}
        if not ready:
            return
        try:
            self._commit(ready)
        except KafkaError as error:
            log.warning("could not commit", why=type(error).__name__)
            self._proved = 0.0
            return
        self._proved = time.monotonic()
        for part in ready:
            self._done.pop(part)

    def _commit(self, ready: dict[Any, int]) -> None:
        """Raises KafkaError. After a lost membership nothing is taken back that another owner has committed."""
        from kafka import OffsetAndMetadata

        if self._was_out.is_set():
            self._was_out.clear()
            self._doubtful |= set(self._next)
        offsets = {
            part: OffsetAndMetadata(offset, "", -1)
            for part, offset in ready.items()
            if part not in self._doubtful or offset > self._committed(part)
        }
        if offsets:
            self._consumer.commit(offsets, timeout_ms=_ANSWER_MS)
        self._doubtful -= ready.keys()

    def _committed(self, part: Any) -> int:
        return int(self._consumer.committed(part, timeout_ms=_ANSWER_MS) or 0)
