"""What a rule would have done: asked of the kept steps by the code that alerts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.articles import Head
from schemas.entities import Entity
from schemas.rules import Rule
from schemas.steps import Step
from services.alerting.rules.matching import Compiled, compiled, failing_examples, why
from services.alerting.rules.subject import subject_of

NIGHT = (23, 6)
SHOWN = 50


@dataclass(frozen=True)
class Kept:
    """One step that was told to somebody or could have been, with its article."""

    step: Step
    head: Head | None
    entities: tuple[Entity, ...]
    at: datetime


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


def back_test(document: dict[str, Any], kept: Iterable[Kept]) -> BackTest:
    """Ask the rule about every kept step. Raises `ValueError` for a document that is no rule."""
    rule = compiled(Rule(rule="draft", person="draft", version=1, document=document))
    matched, close, asked = [], [], 0
    for each in kept:
        asked += 1
        failed = _failed(rule, each)
        if not failed:
            matched.append(each)
        elif len(failed) == 1 and failed[0].about != "family":
            close.append(Close(each, failed[0].says))
    nights = {_version(each) for each in matched if each.at.hour >= NIGHT[0] or each.at.hour < NIGHT[1]}
    return BackTest(
        matched=tuple(matched[:SHOWN]),
        close=tuple(close[:SHOWN]),
        alerts=len({_version(each) for each in matched}),
        at_night=len(nights),
        asked=asked,
        failing=failing_examples(rule),
    )


@dataclass(frozen=True)
class _Failed:
    about: str
    says: str


def _failed(rule: Compiled, each: Kept) -> list[_Failed]:
    subject = subject_of(each.step, each.head, each.entities, each.at)
    verdicts = zip(rule.clauses, why(rule, subject), strict=True)
    return [_Failed(getattr(clause, "about", ""), verdict.says) for clause, verdict in verdicts if not verdict.holds]


def _version(each: Kept) -> str:
    return str(each.head.version if each.head else each.step.id)
