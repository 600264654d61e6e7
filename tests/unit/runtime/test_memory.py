"""The fold of own outputs: of two facts with one cause the first counts."""

from __future__ import annotations

from datetime import UTC, datetime

from runtime.handling import Answer
from runtime.memory import Memory
from schemas.base import Fact, Meta, Position
from schemas.facts import MinutePassed, StepsTaken
from schemas.ids import derive, minute_id

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)


class Reasons:
    name, inbox, memory = "tracking", "tracking-inbox", "alerting-inbox"

    def initial(self) -> list[str]:
        return []

    def decide(self, state: list[str], fact: Fact, position: Position) -> Answer:
        raise NotImplementedError

    def evolve(self, state: list[str], fact: Fact) -> list[str]:
        assert isinstance(fact, StepsTaken)
        return [*state, fact.reason]

    def remembers(self, fact: Fact) -> bool:
        return isinstance(fact, StepsTaken)


def steps(number: int, reason: str = "") -> StepsTaken:
    source = Position(topic="tracking-inbox", partition=0, offset=number)
    meta = Meta(trace="t", root_at=AT, cause=derive("cause", number), source=source)
    return StepsTaken(id=derive("steps", number), meta=meta, at=AT, reason=reason or str(number))


def test_each_cause_counts_once_and_the_first_fact_wins() -> None:
    memory = Memory(Reasons())
    folded = [memory.fold(fact) for fact in (steps(1), steps(2), steps(1, "otherwise"), steps(3))]
    assert folded == [True, True, False, True]
    assert memory.state == ["1", "2", "3"]


def test_facts_of_others_in_the_same_topic_are_passed_over() -> None:
    memory = Memory(Reasons())
    assert not memory.fold(MinutePassed(id=minute_id("m"), meta=Meta(trace="t", root_at=AT), minute=AT))
    assert (memory.state, memory.folded) == ([], 0)


def test_a_message_at_or_below_the_highest_folded_offset_is_past() -> None:
    memory = Memory(Reasons())
    memory.fold(steps(5))
    at = {offset: memory.is_past(Position(topic="tracking-inbox", partition=0, offset=offset)) for offset in (4, 5, 6)}
    assert at == {4: True, 5: True, 6: False}
    assert not memory.is_past(Position(topic="other", partition=0, offset=0))


def test_only_the_latest_causes_are_remembered() -> None:
    memory = Memory(Reasons(), remembered=2)
    for number in (1, 2, 3):
        memory.fold(steps(number))
    assert [memory.knows(derive("cause", number)) for number in (1, 2, 3)] == [False, True, True]
