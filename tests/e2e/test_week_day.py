"""A scripted day of the week: what each of five subscribers gets on each channel, when, in what order, and what they do not get."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
import yaml

from console.trying.tracking import Trial
from runtime.handling import Output
from schemas import ids
from schemas.acts import Act, ActKind
from schemas.alerts import Alert
from schemas.base import Fact, Meta, Position
from schemas.facts import ActTaken, AlertRaised, AlertsDecided, AttemptState, DeliveryRecorded, MinutePassed, RuleSaved
from schemas.generate import ROOT
from schemas.rules import Rule
from services.alerting.deciding import Alerting
from services.delivery.channels import Handed
from services.delivery.ledger import Ledger, attempted
from services.delivery.message import Message
from services.delivery.people import People, To
from services.delivery.sending import Sending
from services.delivery.settings import Settings
from services.delivery.taking_up import items_of
from tests.unit.tracking.test_week import lines

WEEK = ROOT / "tests/data/week/week.yaml"
SCRIPT = ROOT / "tests/e2e/week_day.yaml"
MINUTE = timedelta(minutes=1)


@dataclass
class Hand:
    """A channel that takes everything and notes when."""

    day: Day
    got: list[tuple[str, str, Message]] = field(default_factory=list)

    async def send(self, message: Message, to: To) -> Handed:
        self.got.append((self.day.clock(), message.alert.person, message))
        return Handed(True, "taken")

    async def close(self) -> None:
        return None


@dataclass
class Day:
    """Tracking, alerting and sending one after the other; `now` is the log's time."""

    script: dict[str, Any]
    week: dict[str, Any]

    def __post_init__(self) -> None:
        self.now = datetime.fromisoformat(self.week["start"])
        self.tuesday = self.now + timedelta(days=1)
        self.trial, self.alerting = Trial(lambda _: {}), Alerting()
        self.memory, self.ledger = self.alerting.initial(), Ledger()
        self.raised: dict[str, list[Alert]] = defaultdict(list)
        self.untold: list[dict[str, str]] = []
        self.recorded: list[DeliveryRecorded] = []
        self.item_of: dict[Any, str] = {}
        self.dossier_of: dict[str, Any] = {}
        self.hands = {name: Hand(self) for name in ("webhook", "email")}
        self._numbers = count()
        to = {"webhook": {"url": "https://hook.example", "secret_env": ["S"]}, "email": {"address": "a@b.example"}}
        people = {name: {"zone": who["zone"]} | to for name, who in self.script["people"].items()}
        self.people = People.model_validate({"people": people})

    def clock(self) -> str:
        """The time, with the day ahead of it where it is not Tuesday."""
        return f"{self.now:%H:%M}" if self.now.date() == self.tuesday.date() else f"{self.now.day}T{self.now:%H:%M}"

    async def run(self) -> None:
        senders: Any = self.hands
        self.sending = Sending(Settings(people=None), self.people, self._write, lambda: self.now, pytest.fail, senders)
        for moment, what in self._events():
            await self._until(moment)
            self._do(what)
            await self._settled()
        await self._until(self.tuesday + timedelta(days=1, hours=12))
        await self.sending.close()

    def _events(self) -> Iterator[tuple[datetime, Any]]:
        """Monday's items, the rules, Tuesday's items and acts, by time."""
        start, found = self.now, list[tuple[datetime, int, Any]]()
        for item, line in lines(self.week):
            if item["at"] < 2 * 86_400:
                found.append((start + timedelta(seconds=item["at"]), 1, (item["id"], line)))
        for act in self.script["acts"]:
            found.append((self._today(act["at"]), 0, act))
        found.append((self.tuesday, 0, "rules"))
        return ((moment, what) for moment, _, what in sorted(found, key=lambda each: each[:2]))

    def _today(self, clock: str) -> datetime:
        return datetime.fromisoformat(f"{self.tuesday:%Y-%m-%d}T{clock}+00:00")

    async def _until(self, end: datetime) -> None:
        """Every minute passes in the log; what comes due goes out."""
        while self.now < end:
            self.now = min(end, (self.now + MINUTE).replace(second=0))
            self.sending.look()
            await self._settled()
            if self.now >= self.tuesday and not self.now.second:
                self._minute()
                await self._settled()

    async def _settled(self) -> None:
        still = 0
        while still < 4:
            await asyncio.sleep(0)
            still = 0 if self.sending._calls else still + 1

    def _do(self, what: Any) -> None:
        if what == "rules":
            for document in self.script["rules"]:
                rule = Rule(rule=document["rule"], person=document["person"], version=1, document=document)
                self._decide(RuleSaved(id=self._id(), meta=self._meta(), rule=rule, by=rule.person, at=self.now))
        elif isinstance(what, dict):
            self._act(what)
        else:
            name, line = what
            taken = self.trial.taken(line)
            self.item_of[taken.head.version if taken.head else None] = name
            self.dossier_of.update((name, step.dossier.id) for step in taken.steps)
            self._decide(taken, name)

    def _act(self, act: dict[str, Any]) -> None:
        if act["do"] in ("pause", "resume"):
            (self.sending.pause if act["do"] == "pause" else self.sending.resume)()
            return
        alert = next((each.id for each in self.raised[act.get("alert_of", "")] if each.person == act["person"]), None)
        done = Act(
            act=self._id(), kind=ActKind(act["do"]), person=act["person"], at=self.now, alert=alert,
            dossier=self.dossier_of.get(act.get("dossier_of", "")), until=self._today(act["until"]) if "until" in act else None,
        )  # fmt: skip
        self._decide(ActTaken(id=self._id(), meta=self._meta(), act=done))

    def _minute(self) -> None:
        minute = MinutePassed(id=ids.minute_id(self.now.isoformat()), meta=self._meta(), minute=self.now)
        self._decide(self.trial.taken({"minute": self.now.isoformat()}))
        self._decide(minute)

    def _decide(self, fact: Fact, item: str = "") -> None:
        place = Position(topic="alerting-inbox", partition=0, offset=next(self._numbers))
        outputs = self.alerting.decide(self.memory, fact, place).outputs
        decided = outputs[-1].fact
        assert isinstance(decided, AlertsDecided)
        self.memory = self.alerting.evolve(self.memory, decided)
        if isinstance(fact, RuleSaved):
            assert decided.rule is not None, decided.reason
        self.untold += [
            {"item": item, "person": each.person, "rule": each.rule, "reason": each.reason} for each in decided.untold
        ]
        for output in outputs:
            if isinstance(output.fact, AlertRaised):
                self.raised[item].append(output.fact.alert)
                self._take_up(output.fact)

    def _take_up(self, raised: AlertRaised) -> None:
        place = Position(topic="alerts-raised", partition=0, offset=next(self._numbers))
        for item in items_of(raised, place, self.people, lambda *_: (), self.now, self.ledger.may_have_got):
            self.ledger.fold(attempted(item, AttemptState.due, self.now).fact)
            self.sending.add(item)

    async def _write(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            self.ledger.fold(output.fact)
            self.recorded += [output.fact] if isinstance(output.fact, DeliveryRecorded) else []

    def delivered(self) -> dict[str, dict[str, list[Any]]]:
        """By person and channel: when, what kind of message, of which items."""
        found: dict[str, dict[str, list[Any]]] = {person: {} for person in self.script["people"]}
        for name, hand in self.hands.items():
            for at, person, message in hand.got:
                items = [self._name(alert) for alert in message.alerts]
                found[person].setdefault(name, []).append([at, message.type, items])
        return found

    def _name(self, alert: Alert) -> str:
        return self.item_of[alert.head.version] if alert.head else ""

    def taken_back(self) -> list[dict[str, Any]]:
        """What ended as replaced, by person and channel."""
        names = {alert.id: item for item, alerts in self.raised.items() for alert in alerts}
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for fact in self.recorded:
            if fact.state is AttemptState.replaced:
                found[fact.person, fact.channel].append(names[fact.alert])
        return [{"person": who, "channel": channel, "items": items} for (who, channel), items in found.items()]

    def _id(self) -> Any:
        return ids.derive("scripted day", next(self._numbers))

    def _meta(self) -> Meta:
        return Meta(trace="t", root_at=self.now)


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return yaml.safe_load(SCRIPT.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def day(script: dict[str, Any]) -> Day:
    made = Day(script, yaml.safe_load(WEEK.read_text(encoding="utf-8")))
    asyncio.run(made.run())
    return made


def test_each_item_is_told_to_those_whose_rules_ask_for_it_and_to_nobody_else(day: Day, script: dict[str, Any]) -> None:
    told = {item: sorted(alert.person for alert in alerts) for item, alerts in day.raised.items() if item and alerts}
    assert told == script["alerts"]


def test_who_was_not_told_though_a_rule_matched_can_read_why(day: Day, script: dict[str, Any]) -> None:
    assert day.untold == script["untold"]


@pytest.mark.parametrize("person", ["ines", "tomas", "amara", "jun", "night-desk"])
def test_each_channel_gets_exactly_this_at_its_time_and_in_order(day: Day, script: dict[str, Any], person: str) -> None:
    assert day.delivered()[person] == script["delivered"][person]


def test_what_was_corrected_before_it_went_is_told_to_nobody(day: Day, script: dict[str, Any]) -> None:
    assert sorted(day.taken_back(), key=lambda each: each["person"], reverse=True) == script["taken_back"]


def test_a_correction_says_in_its_first_line_that_it_is_one(day: Day) -> None:
    (line,) = {alert.words.first_line for alert in day.raised["ussy-03"]}
    assert line.startswith("CORRECTED, outlet no longer says: ")
    assert {alert.replaces is not None for alert in day.raised["ussy-03"]} == {True}


def test_no_alert_is_raised_twice_and_every_first_line_fits_a_lock_screen(day: Day) -> None:
    every = [alert for alerts in day.raised.values() for alert in alerts]
    assert len({alert.id for alert in every}) == len(every)
    assert all(len(alert.words.first_line) + len(alert.words.second_line) <= 150 for alert in every)
