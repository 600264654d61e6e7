"""What leaves the service for one deduplicated article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runtime.handling import Answer
from schemas.base import Position
from schemas.facts import ArticleDeduplicated, ArticleTagged, AssertionsMade
from schemas.outcomes import Outcome
from services.tagging.answering import answer_to

EXAMPLE = Path(__file__).parents[3] / "schemas/examples/ArticleDeduplicated/v1/whole.json"
PLACE = Position(topic="articles-deduplicated", partition=0, offset=1)
NEWS = "Armenia and Azerbaijan agreed to a ceasefire on Monday."


def deduplicated(decision: str = "original", **article: Any) -> ArticleDeduplicated:
    data = json.loads(EXAMPLE.read_text("utf-8"))
    data["article"] |= {"headline": "", "text": NEWS, "language": "en"} | article
    data["copying"] |= {"decision": decision}
    return ArticleDeduplicated.model_validate(data)


def topics(answer: Answer) -> list[str]:
    return [output.topic for output in answer.outputs]


def test_an_assertion_goes_to_tracking_and_the_head_to_articles_tagged() -> None:
    answer = answer_to(deduplicated(), PLACE)
    assert topics(answer) == ["articles-tagged", "tracking-inbox"]
    assert answer.outcome is Outcome.published


def test_a_copy_is_tagged_too() -> None:
    assert topics(answer_to(deduplicated("copy"), PLACE)) == ["articles-tagged", "tracking-inbox"]


def test_a_revision_that_asserts_nothing_is_told_to_tracking() -> None:
    answer = answer_to(deduplicated("revision", text="A library opened."), PLACE)
    made = answer.outputs[-1].fact
    assert isinstance(made, AssertionsMade)
    assert made.assertions == ()


def test_what_the_gate_stops_keeps_its_names_and_is_counted() -> None:
    answer = answer_to(deduplicated(text="A library opened.", names=["Porto"]), PLACE)
    head = answer.outputs[0].fact
    assert isinstance(head, ArticleTagged)
    assert (answer.outcome, head.entities_sought, head.names) == (Outcome.gate_stopped, False, ("Porto",))


def test_another_language_ends_with_its_own_outcome() -> None:
    assert answer_to(deduplicated(language="de"), PLACE).outcome is Outcome.language_not_read


@pytest.mark.parametrize("lead", ["CORRECTION: ", "Editor's note: "])
def test_a_text_that_corrects_itself_says_so(lead: str) -> None:
    made = answer_to(deduplicated(text=lead + NEWS), PLACE).outputs[-1].fact
    assert isinstance(made, AssertionsMade)
    assert made.states_a_correction


def test_ids_are_the_same_at_a_repeat() -> None:
    first, second = answer_to(deduplicated(), PLACE), answer_to(deduplicated(), PLACE)
    assert [o.fact.id for o in first.outputs] == [o.fact.id for o in second.outputs]
