"""What tests of alerting put into its inbox, and what comes out: steps, rules, minutes and acts, each on one line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from schemas import ids
from schemas.acts import Act, ActKind
from schemas.alerts import Alert
from schemas.articles import Head, Outlet
from schemas.assertions import Assertion
from schemas.base import Fact, Meta, Position
from schemas.facts import ActTaken, AlertRaised, AlertsDecided, MinutePassed, RuleSaved, StepsTaken
from schemas.rules import Rule
from schemas.steps import Dossier, Kind, Step
from services.alerting.deciding import Alerting

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
NORTH_SOUTH = "north-south"
_numbers = count()


def named(name: str) -> UUID:
    return ids.derive("test", name)


def step(status: str = "agreed", /, dossier: str = NORTH_SOUTH, **values: Any) -> Step:
    """A step of a ceasefire, or of sanctions where an imposer or target is given; `of` and `step` by name."""
    family = values.pop("family", "sanctions" if {"imposer", "target"} & values.keys() else "ceasefire")
    roles = {role: values.pop(role) for role in ("parties", "imposer", "target") if role in values}
    said = {name: values.pop(name) for name in ("attribution", "speaker", "speaker_role", "evidence", "list_size",
                                                "confidence", "effective_from") if name in values}  # fmt: skip
    shared = {name: values.get(name, default) for name, default in (("reality", "actual"), ("polarity", "affirmed"))}
    number = next(_numbers)
    assertion = Assertion.model_validate(
        {"id": named(f"assertion {number}"), "family": family, "status": status, "main": True, "field": "text", "start": 0,
         "end": 9, "confidence": 0.9, "attribution": "confirmed", "evidence": f"They {status}.", **roles, **shared, **said}
    )  # fmt: skip
    known = {"parties": ("XN", "XS")} if family == "ceasefire" and not roles else roles
    body = {
        "id": named(values.pop("step", f"step {number}")),
        "dossier": Dossier(id=named(dossier), family=family, title=dossier, opened=START, **known),
        "kind": "new", "family": family, "status": status, "reason": "first told", "assertion": assertion,
        "origins": ("Harbour Post",), "best_tier": 2, **shared, **values,
    }  # fmt: skip
    if isinstance(body.get("of"), str):
        body["of"] = named(body["of"])
    return Step.model_validate(body)


@dataclass
class Inbox:
    """A decider that is given messages one after the other; `told` keeps every alert, newest last."""

    alerting: Alerting = field(default_factory=Alerting)
    told: list[Alert] = field(default_factory=list)
    decided: list[AlertsDecided] = field(default_factory=list)
    now: datetime = START

    def __post_init__(self) -> None:
        self.memory = self.alerting.initial()
        self._offset = count()

    def give(self, fact: Fact) -> list[Alert]:
        """The alerts that this message raises."""
        position = Position(topic="alerting-inbox", partition=0, offset=next(self._offset))
        outputs = self.alerting.decide(self.memory, fact, position).outputs
        last = outputs[-1].fact
        assert isinstance(last, AlertsDecided)
        self.memory = self.alerting.evolve(self.memory, last)
        self.decided.append(last)
        alerts = [each.fact.alert for each in outputs if isinstance(each.fact, AlertRaised)]
        self.told += alerts
        return alerts

    def rule(
        self, person: str, rule: str = "rule", version: int = 1, removed: bool = False, **document: Any
    ) -> AlertsDecided:
        saved = Rule(rule=rule, person=person, version=version, document=document, removed=removed)
        self.give(RuleSaved(id=self._id(), meta=self._meta(), rule=saved, by=person, at=self.now))
        return self.decided[-1]

    def report(self, *steps: Step, article: str = "", **head: Any) -> list[Alert]:
        """One version of one article that holds these steps, in the order of its text."""
        fact = self.taken(*steps, article=article, **head)
        return self.give(fact)

    def taken(self, *steps: Step, article: str = "", **head: Any) -> StepsTaken:
        embargo = head.pop("embargoed_until", None)
        late = head.pop("late", False)
        tier, outlet = head.pop("tier", 2), head.pop("outlet", "Harbour Post")
        number = next(_numbers)
        placed = tuple(one.model_copy(update={"place": place}) for place, one in enumerate(steps))
        body = {"article": named(article or f"article {number}"), "version": named(f"version {number}"), "url": "https://news.example/1",
                "headline": "A headline", "published": self.now, "fetched": self.now, **head}  # fmt: skip
        body["outlet"] = Outlet(source="harbour", name=outlet, tier=tier)
        meta = self._meta().model_copy(update={"late": late})
        return StepsTaken(id=self._id(), meta=meta, head=Head.model_validate(body), at=self.now, steps=placed,
                          embargoed_until=embargo, reason="steps")  # fmt: skip

    def minute(self, later: timedelta = timedelta(minutes=1)) -> list[Alert]:
        self.now += later
        return self.give(MinutePassed(id=ids.minute_id(self.now.isoformat()), meta=self._meta(), minute=self.now))

    def act(self, kind: ActKind, person: str, dossier: str = NORTH_SOUTH, **values: Any) -> UUID:
        act = Act(act=self._id(), kind=kind, person=person, at=self.now, dossier=named(dossier), **values)
        self.give(ActTaken(id=self._id(), meta=self._meta(), act=act))
        return act.act

    def _id(self) -> UUID:
        return named(f"message {next(_numbers)}")

    def _meta(self) -> Meta:
        return Meta(trace="t", root_at=self.now)


def people(alerts: list[Alert]) -> list[str]:
    return [alert.person for alert in alerts]


__all__ = ["NORTH_SOUTH", "START", "ActKind", "Inbox", "Kind", "named", "people", "step"]
