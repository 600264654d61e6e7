"""The clauses of a rule: each holds or does not, and says why in one sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.assertions import Reality
from schemas.steps import TOLD, Kind
from services.alerting.names import code_of, name_of
from services.alerting.rules.document import ROLES, Group, RuleDocument
from services.alerting.rules.subject import NOTHING, Subject, padded, plain

SILENCE = "silence"
CONFIRMED = "confirmed by a party or a legal text"
GROUPED = ("entities", "places", "sources", "languages", "words")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the wanted values stands in what the text states."""

    about: str
    wanted: tuple[str, ...]
    or_not_stated: bool = False

    def holds(self, subject: Subject) -> bool:
        there = found(subject, self.about, self.wanted)
        return bool(there) or (self.or_not_stated and not is_stated(subject, self.about))

    def asks(self) -> str:
        if self.about == "confirmed":
            return CONFIRMED
        return f"{self.about} is {_listed(self.wanted)}" + (" or not stated" if self.or_not_stated else "")

    def says(self, subject: Subject) -> str:
        if self.about == "confirmed":
            return CONFIRMED if subject.confirmed else f"it is not {CONFIRMED}"
        if there := found(subject, self.about, self.wanted):
            return f"{self.about} is {_listed(there)}"
        return f"{_have(subject, self.about)}; asked for: {_listed(self.wanted)}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every wanted value stands there."""

    about: str
    wanted: tuple[str, ...]
    or_not_stated: bool = False

    def holds(self, subject: Subject) -> bool:
        every = len(found(subject, self.about, self.wanted)) == len(self.wanted)
        return every or (self.or_not_stated and not is_stated(subject, self.about))

    def asks(self) -> str:
        return f"{self.about} has all of {_listed(self.wanted, ' and ')}"

    def says(self, subject: Subject) -> str:
        there = found(subject, self.about, self.wanted)
        missing = tuple(value for value in self.wanted if value not in there)
        if not missing:
            return self.asks()
        return (
            f"{self.about} lacks {_listed(missing)}"
            if there
            else f"{_have(subject, self.about)}; asked for all of: {_listed(self.wanted)}"
        )


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Not one of the unwanted values stands there."""

    about: str
    wanted: tuple[str, ...]

    def holds(self, subject: Subject) -> bool:
        return not found(subject, self.about, self.wanted)

    def asks(self) -> str:
        return f"{self.about} is not {_listed(self.wanted)}"

    def says(self, subject: Subject) -> str:
        there = found(subject, self.about, self.wanted)
        return f"{self.about} is {_listed(there)}, which the rule leaves out" if there else self.asks()


@dataclass(frozen=True, slots=True)
class Bound:
    """A number is at least, or at most, so much."""

    about: str
    limit: float
    at_most: bool = False

    def holds(self, subject: Subject) -> bool:
        value = number(subject, self.about)
        return value is not None and (value <= self.limit if self.at_most else value >= self.limit)

    def asks(self) -> str:
        return f"{MEASURES[self.about]} {'at most' if self.at_most else 'at least'} {_amount(self.about, self.limit)}"

    def says(self, subject: Subject) -> str:
        value = number(subject, self.about)
        if self.holds(subject):
            return self.asks()
        has = (
            "not stated"
            if value is None
            else f"only {_amount(self.about, value)}"
            if not self.at_most
            else _amount(self.about, value)
        )
        return f"{MEASURES[self.about]} {has}; asked for: {self.asks()}"


@dataclass(frozen=True, slots=True)
class After:
    """An earlier status of the same dossier, at most so long ago."""

    first: str
    then: str
    within: timedelta

    def holds(self, subject: Subject) -> bool:
        return subject.status == self.then and any(status == self.first for status, _ in self._recent(subject))

    def asks(self) -> str:
        return f"{self.then} within {_time(self.within)} after {self.first}"

    def says(self, subject: Subject) -> str:
        if self.holds(subject):
            return self.asks()
        return f"the dossier was not {self.first.replace('_', ' ')} in the {_time(self.within)} before; asked for: {self.asks()}"

    def _recent(self, subject: Subject) -> Iterator[tuple[str, datetime]]:
        at = subject.at
        return ((status, when) for status, when in subject.earlier if at and timedelta(0) <= at - when <= self.within)


@dataclass(frozen=True, slots=True)
class Until:
    """The rule ends at a moment."""

    moment: datetime

    def holds(self, subject: Subject) -> bool:
        return subject.at is None or subject.at < self.moment

    def asks(self) -> str:
        return f"the rule runs until {self.moment:%Y-%m-%d %H:%M} UTC"

    def says(self, subject: Subject) -> str:
        return self.asks() if self.holds(subject) else f"the rule ended at {self.moment:%Y-%m-%d %H:%M} UTC"


Clause = AnyOf | AllOf | NoneOf | Bound | After | Until


def clauses_of(rule: RuleDocument) -> tuple[Clause, ...]:
    """The clauses of a rule, in the order in which a person reads them."""
    return tuple(_clauses(rule))


def _clauses(rule: RuleDocument) -> Iterator[Clause]:
    for about in ("family", "status", "group"):
        if wanted := getattr(rule, about):
            yield AnyOf(about, _once(map(plain, wanted)))
    yield AnyOf("kind", _kinds(rule))
    if set(rule.reality) != set(Reality):
        yield AnyOf("reality", _once(each.value for each in rule.reality))
    if rule.affirmed_only or rule.polarity == "negated":
        yield AnyOf("polarity", ("affirmed" if rule.affirmed_only else "negated",))
    for role in ROLES:
        yield from _grouped(role, getattr(rule.roles, role))
    for about in GROUPED:
        yield from _grouped(about, getattr(rule, about))
    yield from _numbers(rule)
    yield from _times(rule)


def _kinds(rule: RuleDocument) -> tuple[str, ...]:
    if rule.absence:
        return (SILENCE,)
    told = rule.kind or tuple(kind for kind in Kind if kind in TOLD)
    extra = (Kind.corroborated,) if rule.novelty == "corroboration" else ()
    return _once(kind.value for kind in (*told, *extra))


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _grouped(about: str, group: Group | None) -> Iterator[Clause]:
    if group is None:
        return
    as_asked = _phrase if about == "words" else _asked
    if group.any:
        yield AnyOf(about, _once(map(as_asked, group.any)), group.or_not_stated)
    if group.all:
        yield AllOf(about, _once(map(as_asked, group.all)), group.or_not_stated)
    if group.none:
        yield NoneOf(about, _once(map(as_asked, group.none)))


def _numbers(rule: RuleDocument) -> Iterator[Clause]:
    sure = rule.certainty
    if sure and sure.or_origins:
        yield Bound("confirmed_or_origins", sure.or_origins)
    elif sure and sure.confirmed:
        yield AnyOf("confirmed", ("yes",))
    if sure and sure.confidence is not None:
        yield Bound("confidence", sure.confidence)
    if rule.tier is not None:
        yield Bound("tier", rule.tier, at_most=True)
    if rule.origins:
        yield Bound("origins_or_legal" if rule.or_legal_text else "origins", rule.origins)
    if rule.new_names:
        yield Bound("new_names", rule.new_names)


def _times(rule: RuleDocument) -> Iterator[Clause]:
    if rule.younger_than:
        yield Bound("age", rule.younger_than.total_seconds(), at_most=True)
    if rule.sequence:
        yield After(rule.sequence.first, rule.sequence.then, rule.sequence.within)
    if rule.follow:
        yield AnyOf("dossier", (str(rule.follow),))
    if rule.until:
        yield Until(rule.until)


def stated(subject: Subject, about: str) -> frozenset[str]:
    """The values that the text states of this."""
    if about in ROLES:
        return subject.roles.get(about, NOTHING)
    if about == "confirmed":
        return frozenset(("yes" if subject.confirmed else "no",))
    value = getattr(subject, about)
    if isinstance(value, frozenset):
        return value
    return NOTHING if value is None else frozenset((str(value),))


def is_stated(subject: Subject, about: str) -> bool:
    """Whether the text says anything of this."""
    return about == "words" or bool(stated(subject, about))


def found(subject: Subject, about: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the wanted values that are there."""
    if about == "words":
        return tuple(phrase for phrase in wanted if f" {phrase} " in subject.text)
    there = stated(subject, about)
    return tuple(value for value in wanted if value in there)


MEASURES = {
    "confirmed_or_origins": "confirmed, or independent origins",
    "origins_or_legal": "a legal text, or independent origins",
    "origins": "independent origins",
    "confidence": "the detector's confidence",
    "tier": "tier of the best source",
    "new_names": "new names",
    "age": "age of the report",
}


def number(subject: Subject, about: str) -> float | None:
    """The value that a bound is put to; None if it is not stated."""
    if about == "confirmed_or_origins":
        return math.inf if subject.confirmed else subject.origins
    if about == "origins_or_legal":
        return math.inf if subject.tier == 0 else subject.origins
    value = subject.age_seconds if about == "age" else getattr(subject, about)
    return None if value is None else float(value)


def _amount(about: str, value: float) -> str:
    return _time(timedelta(seconds=value)) if about == "age" else f"{value:g}"


def _time(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:g} hours" if hours >= 1 else f"{span.total_seconds() / 60:g} minutes"


def _asked(value: str) -> str:
    return plain(code_of(value))


def _phrase(value: str) -> str:
    return padded(value).strip()


def _shown(value: str) -> str:
    return name_of(value.upper()) if len(value) == 2 else value.replace("_", " ")


def _listed(values: tuple[str, ...], last: str = " or ") -> str:
    return last.join(filter(None, (", ".join(map(_shown, values[:-1])), *map(_shown, values[-1:]))))


def _have(subject: Subject, about: str) -> str:
    if about == "words":
        return "none of the words is in the headline or the evidence"
    values = tuple(sorted(stated(subject, about)))
    return f"{about} is {_listed(values, ' and ')}" if values else f"{about} not stated"
