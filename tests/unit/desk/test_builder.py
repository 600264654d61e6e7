"""The rule builder: a sentence of slots and a document, each made from the other, and nothing lost between them."""

from __future__ import annotations

from typing import Any

import pytest

from services.alerting.rules.document import RuleDocument
from services.desk.builder import Slots, alerting, answered, queue_only, slots_of, with_slots

WRITTEN: list[dict[str, Any]] = [
    {"family": "ceasefire", "kind": "advances"},
    {
        "families": ["sanctions"],
        "statuses": ["imposed", "lifted"],
        "imposer": ["EU"],
        "target": {"any": ["RU"], "none": ["BY"]},
    },
    {"family": "sanctions", "certainty": {"confirmed": True, "or_origins": 2}, "sources": {"none": ["radio-nine"]}},
    {"family": "ceasefire", "roles": {"party": ["IL"]}, "words": ["truce"], "younger_than": "6h"},
]


@pytest.mark.parametrize("document", WRITTEN)
def test_what_the_form_shows_and_does_not_change_stays_as_it_was_written(document: dict[str, Any]) -> None:
    slots = slots_of(document)
    same = with_slots(document, slots, slots)
    assert RuleDocument.model_validate(same) == RuleDocument.model_validate(document)


def test_one_changed_slot_changes_one_clause() -> None:
    document = {"family": "ceasefire", "roles": {"party": ["IL"]}, "words": ["truce"]}
    before = slots_of(document)
    changed = with_slots(document, before, Slots(**(vars(before) | {"party": ("IL", "Lebanon")})))
    assert changed == {"family": "ceasefire", "words": ["truce"], "party": ["IL", "Lebanon"]}


def test_a_slot_that_is_emptied_is_a_clause_taken_out() -> None:
    before = slots_of({"family": "sanctions", "target": ["RU"], "certainty": "confirmed", "status": "imposed"})
    left = with_slots(
        {"family": "sanctions", "target": ["RU"], "certainty": "confirmed", "status": "imposed"}, before, Slots()
    )
    assert left == {}


def test_how_sure_is_one_choice() -> None:
    two = with_slots(
        {"family": "ceasefire", "origins": 2},
        slots_of({"family": "ceasefire", "origins": 2}),
        Slots(("ceasefire",), sure="two"),
    )
    assert two == {"family": "ceasefire", "certainty": {"confirmed": True, "or_origins": 2}}
    assert slots_of(two).sure == "two"


def test_blanks_and_repeats_of_the_form_are_left_out() -> None:
    sent = answered({"family": ["ceasefire"], "party": ["IL", " ", "IL", "Hamas"], "sure": ["confirmed"]})
    assert sent == Slots(family=("ceasefire",), party=("IL", "Hamas"), sure="confirmed")


def test_queue_only_reaches_no_other_channel_and_alerting_gives_them_back() -> None:
    quiet = queue_only({"family": "ceasefire"})
    assert [channel.name for channel in RuleDocument.model_validate(quiet).channels] == ["desk"]
    assert alerting(quiet) == {"family": "ceasefire"}
    assert alerting({"channels": ["email"]}) == {"channels": ["email"]}
