"""`copytaster try tracking`: articles, or what is asserted in them, and minutes through the decider of tracking.

A line with `assertions` (in the form that `try tagging` writes) is tracked as it stands; an article's text goes through tagging first.
Each new `sequence` starts with empty state. `{"minute": time}` is a passed minute.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from console.trying import Answering, Line, LineRejected, Options
from schemas import ids
from schemas.articles import CopyDecision, Copying, Head, Outlet
from schemas.assertions import Assertion
from schemas.base import Fact, Meta
from schemas.entities import Entity
from schemas.facts import AssertionsMade, MinutePassed, StepsTaken
from schemas.steps import Kind, Step
from services.tracking.deciding import Tracking
from services.tracking.dossiers import State

WITHOUT_MEMORY = False
DAY = timedelta(days=1)
QUIET_NAMES = {Kind.upgraded: Kind.corroborated}
"""Kinds under the names that the stage's readers know."""
Tagger = Callable[[Line], Line]


def opened(options: Options) -> Answering:
    """The function that tracks one line after the other."""
    return Trial(tagger(options)).answer


def tagger(options: Options) -> Tagger:
    """The stage `tagging`, opened when the first text needs it."""
    opened_stage: list[Tagger] = []

    def tag(line: Line) -> Line:
        if not opened_stage:
            opened_stage.append(importlib.import_module("console.trying.tagging").opened(options))
        return opened_stage[0](line)

    return tag


class Trial:
    """The decider with its state, as it stands after the lines so far."""

    def __init__(self, tag: Tagger) -> None:
        self._tag = tag
        self._decider = Tracking()
        self._state: State = self._decider.initial()
        self._sequence: object = None

    def answer(self, line: Line) -> Line:
        """The steps of one line. Raises `LineRejected`."""
        if line.get("sequence") != self._sequence:
            self._sequence, self._state = line.get("sequence"), self._decider.initial()
        return {"steps": [shown(step) for step in self.taken(line).steps]}

    def taken(self, line: Line) -> StepsTaken:
        """The whole fact that one line leaves. Raises `LineRejected`."""
        fact = minute_of(line) if "minute" in line else made_of(line, self._tag)
        answer = self._decider.decide(self._state, fact, None)
        steps = answer.outputs[-1].fact
        assert isinstance(steps, StepsTaken)  # noqa: S101 - tracking answers each message with one
        self._state = self._decider.evolve(self._state, steps)
        return steps


def shown(step: Step) -> Line:
    """A step as the stage writes it."""
    dossier, said = step.dossier, step.assertion
    return {
        "dossier": str(dossier.id),
        "family": step.family,
        "status": step.status,
        "reality": step.reality,
        "polarity": step.polarity,
        "particulars": {name: list(values) for name, values in step.particulars.items()},
        "was": step.was,
        "reason": step.reason,
        "kind": QUIET_NAMES.get(step.kind, step.kind).value,
        "step": str(step.id),
        "of": str(step.of) if step.of else None,
        "stands": step.stands,
        "title": dossier.title,
        "parties": list(dossier.parties),
        "imposer": list(dossier.imposer),
        "target": list(dossier.target),
        "roles_stated": dossier.roles_stated,
        "origins": list(step.origins),
        "evidence": said.evidence if said else None,
    }


def minute_of(line: Line) -> Fact:
    """The minute that a line stands for. Raises `LineRejected`."""
    minute = moment(line["minute"], "minute")
    minute_id = ids.minute_id(minute.isoformat(timespec="minutes"))
    return MinutePassed(id=minute_id, meta=Meta(trace=ids.trace_id(minute_id), root_at=minute), minute=minute)


def moment(value: object, name: str) -> datetime:
    """A time of a line, in UTC where it names no zone; a day is its first minute. Raises `LineRejected`."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise LineRejected(
            f"{name} {str(value)[:40]!r} is no ISO time: write 2025-03-15 or 2025-03-15T09:00Z"
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def made_of(line: Line, tag: Tagger) -> AssertionsMade:
    """What an article asserts: as given, or as tagging finds it. Raises `LineRejected`."""
    tagged = line if "assertions" in line else line | tag({**line, "id": line.get("id")})
    head = head_of(line)
    try:
        return AssertionsMade(
            id=ids.fact_id(AssertionsMade.name(), head.version),
            meta=Meta(trace=ids.trace_id(head.version), root_at=head.fetched),
            head=head,
            assertions=tuple(assertion_of(a, head, place) for place, a in enumerate(tagged.get("assertions") or [])),
            entities=tuple(Entity.model_validate(entity) for entity in tagged.get("entities") or []),
            states_a_correction=bool(line.get("states_a_correction")),
        )
    except ValidationError as error:
        raise LineRejected(
            f"no assertions of the contract: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}"
        ) from error


def head_of(line: Line) -> Head:
    """The head of the article in a line; what is not given is derived from its id and date. Raises `LineRejected`."""
    if "date" not in line and "published" not in line:
        raise LineRejected("neither `date` nor `published`: tracking needs to know the day")
    published = moment(line.get("published") or line["date"], "published")
    fetched = moment(line.get("fetched") or line.get("published") or line["date"], "fetched")
    article = given_id("article", line.get("article") or line.get("id"))
    return Head(
        article=article,
        version=given_id("version", line.get("version") or line.get("id")),
        url=str(line.get("url") or ""),
        outlet=Outlet(
            source=str(line.get("outlet") or ""), name=str(line.get("outlet") or ""), tier=int(line.get("tier", 2))
        ),
        headline=str(line.get("headline") or ""),
        published=published,
        fetched=fetched,
        backfill=bool(line.get("backfill")),
        old=fetched - published > DAY,
        copying=copying_of(line),
    )


def copying_of(line: Line) -> Copying | None:
    """What the line says of copies; nothing if it names neither story nor origin."""
    if not line.get("story") and not line.get("origin"):
        return None
    return Copying(
        decision=CopyDecision(line.get("decision") or "original"),
        similarity=float(line.get("similarity") or 0.0),
        origin=str(line.get("origin") or line.get("outlet") or ""),
        story=given_id("story", line.get("story") or line.get("id")),
        reason="given in the line",
    )


def given_id(kind: str, value: object) -> UUID:
    """The id that a line gives; a word that is no UUID stands for one."""
    try:
        return UUID(str(value))
    except ValueError:
        return ids.derive(kind, value)


def assertion_of(given: dict[str, Any], head: Head, place: int) -> Assertion:
    """One assertion of the contract from one of a line. Raises `ValidationError`."""
    evidence = given.get("evidence") or head.headline or "not given"
    defaults = {
        "attribution": "unattributed",
        "field": "text",
        "start": 0,
        "end": len(evidence),
        "confidence": 1.0,
        "reality": "actual",
        "polarity": "affirmed",
        "main": True,
    }
    said = {name: value for name, value in given.items() if value is not None}
    return Assertion.model_validate(
        defaults | said | {"id": ids.assertion_id(head.version, place), "evidence": evidence}
    )
