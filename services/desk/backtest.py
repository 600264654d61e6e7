"""What a rule would have done: asked of the kept steps by the code that alerts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from schemas.articles import Head
from schemas.entities import Entity
from schemas.rules import Rule
from schemas.steps import Step
from services.alerting.rules.matching import compiled, failing_examples
from services.alerting.rules.subject import Subject, subject_of

NIGHT = (23, 6)
SHOWN = 50


@dataclass(frozen=True)
class Kept:
    """One step that was told to somebody or could have been, with its article."""

    step: Step
    head: Head | None
    entities: tuple[Entity, ...]
    at: datetime

    @cached_property
    def subject(self) -> Subject:
        """What rules are asked about it; made once, since every rule is asked about the same steps."""
        return subject_of(self.step, self.head, self.entities, self.at)


@dataclass(frozen=True)
class Close:
    """A step that one clause alone kept from being told, with that clause's words."""

    kept: Kept
    because: str


@dataclass(frozen=True)
class BackTest:
    """What a rule would have told of the kept steps. `alerts` counts articles: steps in one version of one article ring once."""

    matched: tuple[Kept, ...]
    close: tuple[Close, ...]
    alerts: int
    at_night: int
    asked: int
    failing: tuple[str, ...] = ()
    by_day: dict[date, tuple[int, int]] = field(default_factory=dict)


def back_test(document: dict[str, Any], kept: Iterable[Kept]) -> BackTest:
    """Ask the rule about every kept step. Raises `ValueError` for a document that is no rule."""
    rule = compiled(Rule(rule="draft", person="draft", version=1, document=document))
    matched: list[Kept] = []
    close: list[Close] = []
    asked = 0
    for each in kept:
        asked += 1
        subject = each.subject
        failed = [clause for clause in rule.clauses if not clause.holds(subject)]
        if not failed:
            matched.append(each)
        elif len(failed) == 1 and getattr(failed[0], "about", "") != "family" and len(close) < SHOWN:
            close.append(Close(each, failed[0].says(subject)))
    rung = {_version(each): each.at for each in matched}
    nights = [at for at in rung.values() if _is_night(at)]
    return BackTest(
        matched=tuple(matched[:SHOWN]),
        close=tuple(close),
        alerts=len(rung),
        at_night=len(nights),
        asked=asked,
        failing=failing_examples(rule),
        by_day=_by_day(rung.values()),
    )


def _is_night(at: datetime) -> bool:
    return at.hour >= NIGHT[0] or at.hour < NIGHT[1]


def _by_day(alerts: Iterable[datetime]) -> dict[date, tuple[int, int]]:
    """How many alerts each day would have brought, by day and at night."""
    found: dict[date, tuple[int, int]] = {}
    for at in alerts:
        day, night = found.get(at.date(), (0, 0))
        found[at.date()] = (day, night + 1) if _is_night(at) else (day + 1, night)
    return found


def _version(each: Kept) -> str:
    return str(each.head.version if each.head else each.step.id)
