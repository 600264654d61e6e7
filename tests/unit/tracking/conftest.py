"""A morning in short: reports, minutes and acts go through the decider, and the fold of its answers is the only state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schemas import ids
from schemas.acts import Act, ActKind
from schemas.articles import CopyDecision, Copying, Head, Outlet
from schemas.assertions import Assertion
from schemas.base import Fact, Meta, Position
from schemas.codec import decode, encode
from schemas.entities import Entity
from schemas.facts import ActTaken, AssertionsMade, MinutePassed, StepsTaken, StoryRevised
from schemas.steps import Step
from services.tracking.deciding import Tracking
from services.tracking.dossiers import State

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
TRUCE: dict[str, Any] = {"family": "ceasefire", "parties": ("XN", "XS")}
MEASURE: dict[str, Any] = {"family": "sanctions", "imposer": ("EU",), "target": ("XW",)}


class Log:
    """The log of one morning: what was sent, and what tracking answered. The state is folded from decoded bytes."""

    def __init__(self) -> None:
        self.decider = Tracking()
        self.state: State = self.decider.initial()
        self.facts: list[StepsTaken] = []
        self.now = START

    def send(self, fact: Fact) -> StepsTaken:
        position = Position(topic="tracking-inbox", partition=0, offset=len(self.facts))
        answer = self.decider.decide(self.state, fact, position)
        assert len(answer.outputs) == 1
        steps = decode(encode(answer.outputs[0].fact))
        assert isinstance(steps, StepsTaken)
        self.state = self.decider.evolve(self.state, steps)
        self.facts.append(steps)
        return steps

    def report(self, *said: dict[str, Any], **head: Any) -> StepsTaken:
        """One version of one article; times go on by a minute unless `later` says otherwise."""
        self.now += head.pop("later", timedelta(minutes=1))
        return self.send(made(self.now, len(self.facts), said, head))

    def steps(self, *said: dict[str, Any], **head: Any) -> list[tuple[str, str]]:
        return [(step.kind.value, step.status) for step in self.report(*said, **head).steps]

    def kinds(self, *said: dict[str, Any], **head: Any) -> list[str]:
        return [step.kind.value for step in self.report(*said, **head).steps]

    def step(self, *said: dict[str, Any], **head: Any) -> Step:
        (step,) = self.report(*said, **head).steps
        return step

    def minute(self, moment: datetime) -> StepsTaken:
        minute_id = ids.minute_id(moment.isoformat(timespec="minutes"))
        return self.send(MinutePassed(id=minute_id, meta=meta(minute_id, moment), minute=moment))

    def act(self, kind: str, **given: Any) -> StepsTaken:
        act_id = ids.derive("act", len(self.facts))
        act = Act(act=act_id, kind=ActKind(kind), person="ines", at=self.now, **given)
        return self.send(ActTaken(id=act_id, meta=meta(act_id, self.now), act=act))

    def stories_joined(self, story: str, instead_of: str, versions: tuple[UUID, ...] = ()) -> StepsTaken:
        fact_id = ids.derive("revised", story, instead_of)
        return self.send(
            StoryRevised(
                id=fact_id,
                meta=meta(fact_id, self.now),
                story=ids.derive("story", story),
                instead_of=ids.derive("story", instead_of),
                versions=versions,
                reason="they share a quotation",
            )
        )


def meta(root: UUID, at: datetime, late: bool = False) -> Meta:
    return Meta(trace=ids.trace_id(root), root_at=at, late=late)


def made(now: datetime, number: int, said: tuple[dict[str, Any], ...], head: dict[str, Any]) -> AssertionsMade:
    outlet = head.get("outlet", "Harbour Wire")
    article = ids.derive("article", head.get("article", number))
    version = ids.derive("version", number)
    story = head.get("story")
    copying = Copying(
        decision=CopyDecision(head.get("decision", "original")),
        similarity=0.0,
        origin=head.get("origin", outlet),
        story=ids.derive("story", story if story is not None else f"own {number}"),
        reason="given",
    )
    return AssertionsMade(
        id=ids.derive("made", version),
        meta=meta(version, now, head.get("late", False)),
        head=Head(
            article=article,
            version=version,
            url=f"https://news.example/{number}",
            outlet=Outlet(source=outlet.lower(), name=outlet, tier=head.get("tier", 2)),
            headline=head.get("headline", "Headline"),
            published=now - head.get("published_before", timedelta(0)),
            fetched=now,
            backfill=head.get("backfill", False),
            old=head.get("old", False),
            copying=copying,
        ),
        assertions=tuple(assertion(version, place, slots) for place, slots in enumerate(said)),
        entities=tuple(Entity.model_validate(e) for e in head.get("entities", ())),
        states_a_correction=head.get("states_a_correction", False),
    )


def assertion(version: UUID, place: int, slots: dict[str, Any]) -> Assertion:
    given: dict[str, Any] = {
        "reality": "actual",
        "polarity": "affirmed",
        "main": True,
        "attribution": "claimed",
        "evidence": "The sentence that says it.",
        "field": "text",
        "start": 0,
        "end": 26,
        "confidence": 0.9,
    }
    return Assertion.model_validate(given | slots | {"id": ids.assertion_id(version, place)})


def truce(status: str, **slots: Any) -> dict[str, Any]:
    return TRUCE | {"status": status} | slots


def measure(status: str, **slots: Any) -> dict[str, Any]:
    return MEASURE | {"status": status} | slots


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture(name="truce")
def truce_fixture() -> Any:
    return truce


@pytest.fixture(name="measure")
def measure_fixture() -> Any:
    return measure
