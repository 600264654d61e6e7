"""Follows the log by partition and offset into the read model: one thread, no group, places kept with the facts."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from schemas.base import Position
from schemas.codec import NewerVersion, Unreadable, decode
from schemas.outcomes import Outcome
from services.desk.fold import Touched, fold
from services.desk.store import keep_place, one_write, places

POLL_MS = 100
Place = tuple[str, int]


class Record(Protocol):
    """What a consumer hands out."""

    topic: str
    partition: int
    offset: int
    value: bytes | None


class Log(Protocol):
    """A consumer that has been assigned all partitions (see `shell.KafkaLog`)."""

    def begin(self, places: Mapping[Place, int]) -> None:
        """Read each partition from this offset, others from their beginning."""
        ...

    def poll(self) -> Sequence[Record]:
        """What came, in order within a partition; empty after a short wait. While the log is away: empty."""
        ...

    def ends(self) -> Mapping[Place, int]:
        """The next offset that will be written, by partition."""
        ...


class Follower:
    """Folds the log into the read model. The log's topics go by their names in `schemas.topics`."""

    def __init__(
        self,
        db: sqlite3.Connection,
        log: Log,
        tell: Callable[[Touched], None],
        unreadable: Callable[[Position, Exception], None],
        ended: Callable[[str, Outcome], None] = lambda topic, outcome: None,
    ) -> None:
        self._db, self._log, self._tell, self._unreadable, self._ended = db, log, tell, unreadable, ended
        self._places = places(db)
        self._moved = threading.Condition()
        self.failure: BaseException | None = None

    def run(self, stop: threading.Event) -> None:
        """Follow until told to stop; a failure is kept in `failure` and ends it."""
        try:
            self._log.begin(self._places)
            while not stop.is_set():
                self.step()
        except BaseException as error:
            self.failure = error
            raise
        finally:
            with self._moved:
                self._moved.notify_all()

    def step(self) -> None:
        """Fold what came in one poll, all or nothing, and tell the pages."""
        records = self._log.poll()
        if not records:
            return
        touched: Touched = set()
        with one_write(self._db):
            for record in records:
                touched |= self._fold(record)
            moved = {(record.topic, record.partition): record.offset + 1 for record in records}
            for (topic, partition), following in moved.items():
                keep_place(self._db, topic, partition, following)
        with self._moved:
            self._places |= moved
            self._moved.notify_all()
        self._tell(touched)

    def _fold(self, record: Record) -> Touched:
        at = Position(topic=record.topic, partition=record.partition, offset=record.offset)
        if record.value is None:
            self._ended(record.topic, Outcome.not_for_this_reader)
            return set()
        try:
            touched = fold(self._db, decode(record.value), at)
        except (Unreadable, NewerVersion) as error:
            self._unreadable(at, error)
            self._ended(record.topic, Outcome.not_for_this_reader)
            return set()
        self._ended(record.topic, Outcome.noted)
        return touched

    def wait_for(self, topic: str, partition: int, offset: int, seconds: float) -> bool:
        """Whether this place has been folded, within that many seconds."""
        with self._moved:
            return (
                self._moved.wait_for(
                    lambda: self.failure is not None or self._places.get((topic, partition), 0) > offset,
                    timeout=seconds,
                )
                and self.failure is None
            )

    def caught_up(self) -> bool:
        """Whether everything that was in the log is folded."""
        return all(self._places.get(place, 0) >= end for place, end in self._log.ends().items())
