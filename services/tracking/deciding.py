"""Tracking as a decider: each message of the inbox leaves exactly one `StepsTaken`, and the state is the fold of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from runtime.handling import Answer, Output, Reject
from schemas import ids
from schemas.base import Fact, Position, answering
from schemas.facts import ActTaken, AssertionsMade, MinutePassed, StepsTaken, StoryRevised
from schemas.families import Family, families
from schemas.outcomes import Outcome
from schemas.steps import TOLD
from services.tracking import deeds, folding, reports, stories, terms
from services.tracking.dossiers import State
from services.tracking.draft import Draft

Message = AssertionsMade | StoryRevised | MinutePassed | ActTaken


class Tracking:
    """The decider of tracking. `families` are the families that it knows, by name."""

    name = "tracking"
    inbox = "tracking-inbox"
    memory = "alerting-inbox"

    def __init__(self, known: Mapping[str, Family] | None = None) -> None:
        self._families = known or families()

    def initial(self) -> State:
        """Nothing is known."""
        return State()

    def decide(self, state: State, fact: Fact, position: Position | None) -> Answer:
        """The steps of one message. Raises `Reject` for an act on what does not exist."""
        if not isinstance(fact, Message):
            return Answer(Outcome.not_for_this_reader)
        steps = self._steps(state, fact, position)
        outcome = Outcome.published if steps.steps else Outcome.noted
        return Answer(outcome, (Output(self.memory, _key(fact), steps),), detail=steps.reason)

    def evolve(self, state: State, fact: Fact) -> State:
        """The state after one `StepsTaken`."""
        return folding.evolve(state, fact) if isinstance(fact, StepsTaken) else state

    def remembers(self, fact: Fact) -> bool:
        """Of alerting's inbox only the steps are tracking's memory."""
        return isinstance(fact, StepsTaken)

    def _steps(self, state: State, fact: Message, position: Position | None) -> StepsTaken:
        if isinstance(fact, AssertionsMade):
            return _taken(fact, position, reports.answer(state, fact, self._families), made=fact)
        if isinstance(fact, MinutePassed):
            return _taken(fact, position, terms.pass_minute(state, fact, self._families))
        if isinstance(fact, StoryRevised):
            return _taken(fact, position, stories.revise(state, fact))
        if isinstance(fact, ActTaken):
            return _taken(fact, position, self._deed(state, fact))
        assert_never(fact)

    def _deed(self, state: State, fact: ActTaken) -> Draft:
        try:
            return deeds.do(state, fact, self._families) or Draft(state, fact.act.at)
        except deeds.NoSuchThing as error:
            raise Reject(str(error)) from error


def _key(fact: Message) -> str:
    if isinstance(fact, AssertionsMade):
        return str(fact.head.article)
    return str(fact.id)


def _taken(fact: Message, position: Position | None, draft: Draft, made: AssertionsMade | None = None) -> StepsTaken:
    return StepsTaken(
        id=ids.fact_id(StepsTaken.name(), fact.id),
        meta=answering(fact, position),
        head=draft.head,
        at=draft.at,
        steps=tuple(draft.steps),
        asides=tuple(draft.asides),
        changes=tuple(draft.changes),
        assertions=made.assertions if made else (),
        entities=made.entities if made else (),
        embargoed_until=made.embargoed_until if made else None,
        reason=_reason(draft, made),
    )


def _reason(draft: Draft, made: AssertionsMade | None) -> str:
    if any(step.kind in TOLD for step in draft.steps):
        return "steps were taken"
    if draft.steps:
        return "only what was known, or what came too late"
    if made is not None:
        return "only background" if made.assertions else "nothing is asserted"
    return "dossiers changed" if draft.changes else "nothing to do"
