"""What a rule would have done: asked of the kept steps by the clauses that alert, with what came close and when it would have rung."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.articles import Head
from schemas.entities import Entity
from schemas.steps import Step
from services.alerting.rules.matching import Compiled, why
from services.alerting.rules.subject import subject_of

NIGHT = (23, 6)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Kept:
    """One step of the log, with its article and the log's time."""

    step: Step
    head: Head | None
    entities: tuple[Entity, ...]
    at: datetime

    @property
    def version(self) -> object:
        """What rings once: the steps of one version of one article are one alert."""
        return self.head.version if self.head else self.step.id


@dataclass(frozen=True)
class Close:
    """A step that one clause alone kept from being told, with that clause's sentence."""

    kept: Kept
    because: str


@dataclass(frozen=True)
class BackTest:
    """`fired` holds one step for each alert, oldest first; `by_hour` counts alerts by the hour of the day in the person's zone."""

    fired: tuple[Kept, ...]
    close: tuple[Close, ...]
    by_hour: tuple[int, ...]
    asked: int
    span: timedelta

    @property
    def at_night(self) -> int:
        """Alerts between 23 and 6 o'clock."""
        return sum(self.by_hour[NIGHT[0] :]) + sum(self.by_hour[: NIGHT[1]])

    @property
    def a_week(self) -> float:
        """How many alerts a week are to be expected if things go on as they did."""
        return len(self.fired) / max(self.span / WEEK, 1 / 7)


def back_test(rule: Compiled, kept: Iterable[Kept], zone: str = "UTC") -> BackTest:
    """Ask the rule about every kept step; what no rule would be told (old pages, back-fill) is left out."""
    fired: dict[object, Kept] = {}
    close: list[Close] = []
    asked: list[datetime] = []
    for each in kept:
        if each.head is not None and (each.head.old or each.head.backfill):
            continue
        asked.append(each.at)
        failed = _failed(rule, each)
        if not failed:
            fired.setdefault(each.version, each)
        elif len(failed) == 1 and failed[0][0] != "family":
            close.append(Close(each, failed[0][1]))
    span = max(asked) - min(asked) if asked else timedelta(0)
    came_close = tuple(each for each in close if each.kept.version not in fired)
    return BackTest(tuple(fired.values()), came_close, _by_hour(fired.values(), zone), len(asked), span)


def _failed(rule: Compiled, each: Kept) -> list[tuple[str, str]]:
    """The clauses that do not hold: what each looks at, and its sentence."""
    verdicts = zip(rule.clauses, why(rule, subject_of(each.step, each.head, each.entities, each.at)), strict=True)
    return [(getattr(clause, "about", ""), verdict.says) for clause, verdict in verdicts if not verdict.holds]


def _by_hour(fired: Iterable[Kept], zone: str) -> tuple[int, ...]:
    hours = [0] * 24
    for each in fired:
        hours[each.at.astimezone(ZoneInfo(zone)).hour] += 1
    return tuple(hours)
