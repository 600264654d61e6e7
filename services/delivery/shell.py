"""Runs delivery: takes alerts up in batches, each with its line in the ledger before its offset is committed, and sends in the background."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from runtime.account import Account
from runtime.clock import now
from runtime.consumer import Group, message_of
from runtime.dead_letters import dead_letter, without_value
from runtime.guarded import handled
from runtime.handling import Answer, Output
from runtime.logs import log
from runtime.memory import read_to_end
from runtime.messages import Done, Message, Record
from runtime.process import Process, process
from runtime.publish import Publisher, Stopped
from schemas.base import Fact, Position
from schemas.facts import AlertRaised, AttemptState, DeliveryActed, DeliveryActKind, DeliveryAttempted
from schemas.outcomes import Ending, Outcome
from services.delivery.background import Background, Writer
from services.delivery.lanes import Item
from services.delivery.ledger import ATTEMPTED, Ledger, attempted, key_of, recorded
from services.delivery.people import read_people
from services.delivery.reading import Follower, read_at
from services.delivery.sending import Sending
from services.delivery.settings import Settings
from services.delivery.taking_up import item_again, item_for_test, items_of, lacking

RAISED, ACTS = "alerts-raised", "delivery-acts"
BATCH = 500
POLL_MS = 500


def run(settings: Settings) -> None:
    """Deliver until told to stop. Raises `ValueError` where the file of people cannot be read."""
    people = read_people(settings.people)
    with process("delivery", settings, (RAISED,)) as here:
        if not here.wait_for_topics((RAISED, ACTS, ATTEMPTED)):
            return
        with Group(here, (RAISED,)) as group, Publisher(settings, "delivery", here.stop) as publisher:
            delivery = _Delivery(settings, here, group, publisher, people)
            try:
                delivery.loop()
            finally:
                delivery.end()


class _Delivery:
    def __init__(self, settings: Settings, here: Process, group: Group, publisher: Publisher, people: Any) -> None:
        self._settings, self._here, self._group, self._publisher, self._people = (
            settings,
            here,
            group,
            publisher,
            people,
        )
        self._ledger = Ledger()
        self._account = Account("delivery", settings.dead_letters_in_a_row)
        self._background = Background()
        self._sending: Sending = self._background.run(self._opened())
        self._taken: list[Item] = []
        self._ours: set[str] = set()
        self._enabled: dict[tuple[str, str], datetime] = {}
        self._acts = Follower(settings, ACTS, self._act)

    async def _opened(self) -> Sending:
        writer = Writer(self._publisher.put)
        return Sending(self._settings, self._people, writer.write, now, self._here.ended_by)

    def loop(self) -> None:
        self._acts.start()
        self._acts.caught_up.wait(30)
        self._here.working()
        while not self._here.stop.is_set():
            self._here.beat()
            records = self._group.poll(POLL_MS, limit=BATCH)
            if self._group.take_rebalanced():
                self._read_ledger(self._group.assignment().get(RAISED, ()))
            if records:
                self._batch([message_of(record, self._settings) for record in records], records)
        self._group.commit()

    def end(self) -> None:
        """Let what is under way end; what waits stands in the ledger."""
        self._acts.end()
        self._background.run(self._sending.close(), self._settings.call_seconds + 10)
        self._background.end()

    def _batch(self, messages: list[Message], records: list[Any]) -> None:
        since = [self._account.read(message) for message in messages]
        self._taken = []
        dones = [handled("delivery", self._handle, message) for message in messages]
        try:
            self._put(messages, dones)
        except Stopped:
            for message in messages:
                self._account.given_back(message)
            return
        for item in self._taken:
            self._background.call(self._sending.add, item)
        for message, done, record, began in zip(messages, dones, records, since, strict=True):
            self._group.done(record)
            self._account.ended(message, done, began)
        self._group.commit()
        if self._account.too_many:
            self._here.ended_by(f"{self._settings.dead_letters_in_a_row} dead letters in a row")

    def _put(self, messages: list[Message], dones: list[Done]) -> None:
        lines: list[Record] = []
        for message, done in zip(messages, dones, strict=True):
            lines += done.records if done.outcome.ending is not Ending.dead_lettered else [self._letter(message, done)]
        self._publisher.put_records(lines)

    def _letter(self, message: Message, done: Done) -> Record:
        letter = dead_letter("delivery", message, done, now())
        return letter if len(letter.value or b"") < BATCH * 16_000 else without_value(letter)

    def _handle(self, fact: Fact, position: Position) -> Answer:
        """Take one alert up: a line in the ledger for each channel. A repeat is known by the ledger."""
        if not isinstance(fact, AlertRaised):
            return Answer(Outcome.not_for_this_reader)
        items = [
            item
            for item in items_of(fact, position, self._people, self._recent, now(), self._ledger.may_have_got)
            if not self._ledger.knows(item.key)
        ]
        for item in items:
            line = attempted(item, AttemptState.due, now())
            self._ledger.fold(line.fact)
            self._ours.add(item.key)
            if not item.bundle:
                self._sending.recent[item.alert.person, item.channel].append(now())
        self._taken += items
        outputs = tuple(attempted(item, AttemptState.due, now()) for item in items)
        nowhere = self._nowhere(fact, position)
        return Answer(Outcome.published if items or nowhere else Outcome.repeat, (*outputs, *nowhere))

    def _nowhere(self, fact: AlertRaised, position: Position) -> tuple[Output, ...]:
        """What cannot be sent, since the person lacks the channel that the rule names: in the log, for them and the operators to see."""
        said = "the file of people gives this person no such channel"
        found: list[Output] = []
        for item in lacking(fact, position, self._people, now()):
            if not self._ledger.knows(item.key):
                line = attempted(item, AttemptState.given_up, now(), said)
                self._ledger.fold(line.fact)
                found += [recorded(item, AttemptState.given_up, now(), said), line]
        return tuple(found)

    def _recent(self, person: str, channel: str) -> list[Any]:
        return list(self._sending.recent[person, channel])

    def _read_ledger(self, partitions: tuple[int, ...]) -> None:
        """Everything that the ledger holds, and what of it is open and ours. Waits for the broker as long as it takes."""
        from kafka.errors import KafkaError

        while not self._here.stop.is_set():
            try:
                read_to_end(self._settings, ATTEMPTED, lambda fact, _: self._ledger.fold(fact))
                self._take_up_open(partitions)
                self._forget()
                return
            except KafkaError as error:
                log.warning("waiting for the broker", why=type(error).__name__)
                self._here.beat()
                self._here.stop.wait(1)

    def _take_up_open(self, partitions: tuple[int, ...]) -> None:
        for person, name in self._ledger.gone:
            if self._ledger.is_gone(person, name, self._enabled.get((person, name))):
                self._background.call(self._sending.closed.add, (person, name))
        ours = [line for line in self._ledger.open() if _is_of(line, partitions) and key_of(line) not in self._ours]
        facts = read_at(self._settings, {line.alert_at for line in ours if line.alert_at})
        for line in ours:
            raised = facts.get(line.alert_at) if line.alert_at else None
            item = item_again(raised, line, self._people, now()) if isinstance(raised, AlertRaised) else None
            if item is not None:
                self._ours.add(item.key)
                self._background.call(self._sending.add, item)
        log.info("ledger read", lines=len(self._ledger.last), open=len(ours))

    def _forget(self) -> None:
        """Tombstones for what ended long ago, so that the ledger stays as long as what is remembered."""
        keys = self._ledger.forgotten(now())
        self._publisher.put_records([Record(ATTEMPTED, key.encode(), None) for key in keys])
        self._ledger.forget(keys)
        if keys:
            log.info("old lines of the ledger forgotten", lines=len(keys))

    def _act(self, fact: Fact, from_before: bool) -> None:
        if not isinstance(fact, DeliveryActed):
            return
        match fact.kind:
            case DeliveryActKind.pause:
                self._background.call(self._sending.pause)
            case DeliveryActKind.resume:
                self._background.call(self._sending.resume)
            case DeliveryActKind.disable if fact.person and fact.channel:
                self._background.call(self._sending.closed.add, (fact.person, fact.channel))
            case DeliveryActKind.enable if fact.person and fact.channel:
                self._enabled[fact.person, fact.channel] = fact.at
                self._background.call(self._sending.closed.discard, (fact.person, fact.channel))
            case DeliveryActKind.resend if fact.alert and not from_before:
                self._resend(fact)
            case DeliveryActKind.test if not from_before:
                item = item_for_test(fact, Position(topic=ACTS, partition=0, offset=0))
                if item is not None:
                    self._background.call(self._sending.add, item)
            case _:
                pass

    def _resend(self, fact: DeliveryActed) -> None:
        """Send again by hand: to the channel named, or to all to which the alert went."""
        lines = [
            line
            for line in list(self._ledger.last.values())
            if line.alert == fact.alert and fact.channel in (None, line.channel) and line.alert_at
        ]
        found = read_at(self._settings, {line.alert_at for line in lines if line.alert_at})
        for line in lines:
            raised = found.get(line.alert_at) if line.alert_at else None
            if isinstance(raised, AlertRaised) and line.alert_at:
                item = Item(raised.alert, line.channel, line.alert_at, raised.meta, now(), attempt=0, unknown=True)
                self._background.call(self._sending.add, item)


def _is_of(line: DeliveryAttempted, partitions: tuple[int, ...]) -> bool:
    return line.alert_at is not None and line.alert_at.topic == RAISED and line.alert_at.partition in partitions
