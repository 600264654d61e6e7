"""The plain form of a consumer: one message after the other, in this process, committed by hand; at least once.

    from runtime import plain
    from services.delivery.settings import Settings      # class Settings(ServiceSettings)

    def main() -> None:
        delivery = Delivery(...)
        plain.consume("delivery", ["alerts-raised", "delivery-acts"], delivery.handle, Settings(),
                      assigned=delivery.read_ledger,      # {topic: partitions} now ours, before their first message
                      tick=delivery.send_what_is_due)     # about every second, also in silence

`handle(fact, position)` returns an `Answer`; it raises `Reject` for what it refuses and `Retry` for what may get better
(tried again for at most 30 s, then dead-lettered as retries_spent). A slow handler does not lose its partitions, as the
heartbeats have a thread of their own; beyond five minutes it does. The outputs of the answer are acknowledged before the
offset is committed, which is done a few times a second: a kill lets what was done since be read again. For a long call of its own a service can look at `here.stop` (second argument of `tick` and `assigned`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from runtime.account import Account
from runtime.clock import now
from runtime.consumer import Group, message_of
from runtime.dead_letters import dead_letter, without_value
from runtime.guarded import Handle, handled
from runtime.handling import Reject, Retry
from runtime.messages import Done, Message
from runtime.process import Process, process
from runtime.publish import Publisher, Stopped
from runtime.settings import ServiceSettings
from schemas.codec import NewerVersion
from schemas.outcomes import Ending, Outcome

Assigned = Callable[[Mapping[str, tuple[int, ...]], Process], object]
Tick = Callable[[Process], object]
_TICK_SECONDS = 1.0
_COMMIT_EVERY = 0.2
_FIRST_PAUSE = 0.2


def consume(
    service: str,
    topics: Iterable[str],
    handle: Handle,
    settings: ServiceSettings,
    *,
    assigned: Assigned = lambda _, __: None,
    tick: Tick = lambda _: None,
) -> None:
    """Consume until told to stop."""
    read = tuple(topics)
    with process(service, settings, read) as here:
        if not here.wait_for_topics(read):
            return
        with Group(here, read) as group, Publisher(settings, service, here.stop) as publisher:
            _Plain(here, group, publisher, handle, assigned, tick).loop()


class _Plain:
    def __init__(
        self, here: Process, group: Group, publisher: Publisher, handle: Handle, assigned: Assigned, tick: Tick
    ) -> None:
        self._here, self._group, self._publisher = here, group, publisher
        self._handle, self._assigned, self._tick = handle, assigned, tick
        self._account = Account(here.service, here.settings.dead_letters_in_a_row)
        self._ticked = 0.0
        self._committed = time.monotonic()

    def loop(self) -> None:
        self._here.working()
        while not self._here.stop.is_set():
            self._turn()
        self._group.commit()

    def _turn(self) -> None:
        self._here.beat()
        wait = _COMMIT_EVERY if self._group.uncommitted else _TICK_SECONDS
        records = self._group.poll(int(wait * 1000), limit=1)
        if self._group.take_rebalanced():
            self._assigned(self._group.assignment(), self._here)
        for record in records:
            self._one(record)
        self._commit_if_due()
        self._tick_if_due()

    def _commit_if_due(self) -> None:
        """A commit is a journey to the broker and back: one a message would halve what a service can do."""
        if self._group.uncommitted and time.monotonic() - self._committed > _COMMIT_EVERY:
            self._commit()

    def _commit(self) -> None:
        self._group.commit()
        self._committed = time.monotonic()

    def _tick_if_due(self) -> None:
        if time.monotonic() - self._ticked >= _TICK_SECONDS:
            self._ticked = time.monotonic()
            self._tick(self._here)

    def _one(self, record: Any) -> None:
        message = message_of(record, self._here.settings)
        since = self._account.read(message)
        try:
            done = self._published(message, self._done(message))
        except Stopped:
            self._account.given_back(message)
            return
        self._group.done(record)
        self._account.ended(message, done, since)
        if self._account.too_many:
            self._commit()
            self._here.ended_by(
                f"{self._here.settings.dead_letters_in_a_row} dead letters in a row, the last: {done.outcome} {done.place}"
            )

    def _done(self, message: Message) -> Done:
        pause, began = _FIRST_PAUSE, time.monotonic()
        while True:
            try:
                return handled(self._here.service, self._handle, message)
            except NewerVersion as error:
                self._here.waits_for_upgrade(str(error))
                self._pause(None)
            except Retry as error:
                if time.monotonic() - began >= self._here.settings.retry_bound:
                    return Done(Outcome.retries_spent, sentence=str(error))
            self._account.retried()
            self._pause(pause)
            pause = min(2 * pause, 5.0)

    def _pause(self, seconds: float | None) -> None:
        """Wait, and keep the membership alive; raises `Stopped` when told to stop."""
        end = None if seconds is None else time.monotonic() + seconds
        while end is None or time.monotonic() < end:
            if self._here.stop.wait(0.1 if end is None else max(0.0, min(0.1, end - time.monotonic()))):
                raise Stopped("told to stop while the message waits; it is read again")
            self._here.beat()
            self._group.stay()

    def _published(self, message: Message, done: Done) -> Done:
        if done.outcome.ending is not Ending.dead_lettered:
            try:
                self._publisher.put_records(done.records)
                return done
            except Reject as error:
                done = Done(error.outcome, (), str(error), "broker", "", done.fact, done.id, done.trace, done.root_at)
        letter = dead_letter(self._here.service, message, done, now())
        try:
            self._publisher.put_records([letter])
        except Reject:
            self._publisher.put_records([without_value(letter)])
        return done
