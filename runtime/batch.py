"""The shell of services without memory: kafka-python, a pool of processes, a deadline for each item.

A service is one call (`services/extraction/__main__.py`):

    from runtime import batch
    from services.extraction.shell import handle, load        # module functions: they are sent to the pool by name
    from services.extraction.settings import Settings         # class Settings(ServiceSettings)

    if __name__ == "__main__":                                 # needed: the pool starts processes afresh
        batch.run("extraction", "pages-fetched", handle, Settings(), prepare=load)

`handle(fact, position)` is pure and returns an `Answer`; it raises `Reject` for what it refuses and `Retry` for what may
get better. `prepare()` runs once in each process of the pool (models, word lists). An item that holds its process beyond
`deadline` ends it and goes to the dead letters as took_too_long; one that ends its process goes there as worker_died.
Outputs leave in the order of the inputs within a partition, and are acknowledged before the input is committed; a single
message does not wait for others.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from runtime.account import Account
from runtime.clock import now
from runtime.consumer import Group, message_of
from runtime.dead_letters import dead_letter, without_value
from runtime.guarded import Handle
from runtime.handling import Reject
from runtime.item import Item
from runtime.messages import Done, Record
from runtime.pool import Newer, TryAgain, new_pool, work
from runtime.process import Process, process
from runtime.publish import Publisher
from runtime.settings import ServiceSettings
from schemas.outcomes import Ending

_IDLE_MS = 500
_BUSY_SECONDS = 0.02
_COMMIT_EVERY = 0.2
_STOP_SECONDS = 20.0
_A_WORKER = 8
"""Messages in hand for each process of the pool: enough to keep it busy, few enough to be read again after a kill."""


def run(
    service: str, topic: str, handle: Handle, settings: ServiceSettings, *, prepare: Callable[[], None] | None = None
) -> None:
    """Run one service without memory until it is told to stop."""
    with process(service, settings, [topic]) as here:
        if not here.wait_for_topics([topic]):
            return
        pool = new_pool(settings.pool, prepare, handle)
        try:
            with Group(here, (topic,)) as group, Publisher(settings, service, here.stop) as publisher:
                _Batch(here, group, publisher, pool, handle).loop()
        finally:
            pool.stop()
            pool.join(timeout=5)


class _Batch:
    """One thread; `_lanes` holds what is in hand of each partition, oldest first."""

    def __init__(self, here: Process, group: Group, publisher: Publisher, pool: Any, handle: Handle) -> None:
        self._here, self._group, self._publisher, self._pool, self._handle = here, group, publisher, pool, handle
        self._account = Account(here.service, here.settings.dead_letters_in_a_row)
        self._lanes: dict[Any, deque[Item]] = {}
        self._moved = threading.Event()
        self._held = False
        self._committed = time.monotonic()
        here.on_stop(self._moved.set)

    def loop(self) -> None:
        self._here.working()
        while not self._here.stop.is_set():
            self._turn()
        end = time.monotonic() + _STOP_SECONDS
        while self._at_work() and time.monotonic() < end:
            self._wait()
            self._advance()
        self._group.commit()

    def _turn(self) -> None:
        self._here.beat()
        self._wait()
        self._take()
        self._advance()
        if self._group.uncommitted and time.monotonic() - self._committed > _COMMIT_EVERY:
            self._commit()

    def _commit(self) -> None:
        self._group.commit()
        self._committed = time.monotonic()

    def _in_hand(self) -> int:
        return sum(len(lane) for lane in self._lanes.values())

    def _at_work(self) -> bool:
        """Whether a partition's oldest message will end by itself soon; what waits for another attempt is read again."""
        return any(not lane[0].waits and lane[0].again_at is None for lane in self._lanes.values())

    def _wait(self) -> None:
        """While something is in hand, until something moved or a moment has passed; else the poll itself waits."""
        if self._in_hand():
            self._moved.wait(_BUSY_SECONDS)
        self._moved.clear()

    def _take(self) -> None:
        self._hold_or_go_on()
        idle = not self._in_hand()
        wait = 0 if not idle else int(_COMMIT_EVERY * 1000) if self._group.uncommitted else _IDLE_MS
        records = self._group.poll(wait, limit=_A_WORKER * self._here.settings.pool)
        self._give_back()
        for record in records:
            self._begin(record)

    def _hold_or_go_on(self) -> None:
        room = _A_WORKER * self._here.settings.pool
        if self._in_hand() >= room:
            self._group.hold()
            self._held = True
        elif self._held:
            self._group.go_on()
            self._held = False

    def _give_back(self) -> None:
        """Let go of what was taken away: its new owner reads it again."""
        if not self._group.take_rebalanced():
            return
        for part in self._group.lost(self._lanes):
            for item in self._lanes.pop(part, ()):
                self._account.given_back(item.message)
                item.future.cancel()

    def _begin(self, record: Any) -> None:
        message = message_of(record, self._here.settings)
        item = Item(record, message, self._account.read(message))
        self._schedule(item)
        self._lanes.setdefault(item.part, deque()).append(item)

    def _schedule(self, item: Item) -> None:
        arguments = (self._here.service, self._handle, item.message)
        item.future = self._pool.schedule(work, args=arguments, timeout=self._here.settings.deadline)
        item.future.add_done_callback(lambda _: self._moved.set())

    def _advance(self) -> None:
        for part, lane in list(self._lanes.items()):
            for item in lane:
                self._hear(item)
            self._send(lane)
            self._finish(lane)
            if not lane:
                del self._lanes[part]

    def _hear(self, item: Item) -> None:
        """Take the result from the pool, if it has come."""
        if item.done is not None or item.waits:
            return
        self._try_again(item)
        result = item.result() if item.again_at is None else None
        if isinstance(result, TryAgain):
            item.done = item.postponed(result.why, self._here.settings.retry_bound)
        elif isinstance(result, Newer):
            item.waits = True
            self._here.waits_for_upgrade(result.why)
        elif result is not None:
            item.done = result

    def _try_again(self, item: Item) -> None:
        if item.again_at is not None and time.monotonic() >= item.again_at:
            item.again_at = None
            self._account.retried()
            self._schedule(item)

    def _send(self, lane: deque[Item]) -> None:
        """Hand on the outputs of the oldest items that are done, in order, without waiting for the broker."""
        for item in lane:
            if item.done is None:
                return
            if item.sends is None:
                item.sends = [self._begun(record) for record in self._records(item, item.done)]

    def _begun(self, record: Record) -> Any:
        future = self._publisher.begin(record)
        future.add_both(lambda *_: self._moved.set())
        return future

    def _records(self, item: Item, done: Done) -> list[Any]:
        if done.outcome.ending is not Ending.dead_lettered:
            item.records = list(done.records)
        else:
            letter = dead_letter(self._here.service, item.message, done, now())
            item.records = [letter if item.whole else without_value(letter)]
        return item.records

    def _finish(self, lane: deque[Item]) -> None:
        """End the oldest items whose outputs are acknowledged."""
        while lane and lane[0].acknowledged():
            item = lane[0]
            refused = item.refused()
            if refused:
                self._send_again(lane, refused)
                return
            lane.popleft()
            self._end(item)

    def _send_again(self, lane: deque[Item], refused: list[tuple[Record, BaseException]]) -> None:
        """Send what was refused anew, the oldest first, once nothing is under way.

        What is in the log is not written again: the order there stays as it is, and of two with one id the first counts.
        """
        if not all(item.sends is None or item.acknowledged() for item in lane):
            return
        record, error = refused[0]
        try:
            if self._publisher.judge(record, error):
                lane[0].is_written(record)
        except Reject as rejection:
            lane[0].too_large(rejection)
        for item in lane:
            if item.sends is None and item is not lane[0]:
                return
            self._anew(item)

    def _anew(self, item: Item) -> None:
        assert item.done is not None  # noqa: S101 - only what is done has been sent
        if item.sends is None:
            item.sends = [self._begun(record) for record in self._records(item, item.done)]
        else:
            item.sends = [self._begun(record) if future.failed() else future for record, future in item.sent()]

    def _end(self, item: Item) -> None:
        assert item.done is not None  # noqa: S101 - only what is done has been sent
        for record in item.records:
            self._publisher.count(record)
        self._group.done(item.record)
        self._account.ended(item.message, item.done, item.since)
        if self._account.too_many:
            self._commit()
            limit = self._here.settings.dead_letters_in_a_row
            self._here.ended_by(f"{limit} dead letters in a row, the last: {item.done.outcome} {item.done.place}")
