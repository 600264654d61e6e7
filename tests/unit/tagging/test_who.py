"""Who does what to whom, who says so, and how sure that makes it."""

from __future__ import annotations

import pytest

from schemas import ids
from schemas.assertions import Assertion
from services.tagging.entities.mentions import entities_of
from services.tagging.tagging import Story, tag


def said(text: str, headline: str = "") -> list[Assertion]:
    """The news of a text, in its order."""
    tagged = tag(Story(ids.derive("test", headline, text), headline, text, "2025-05-06"))
    return [one for one in tagged.assertions if one.main]


def first(text: str, headline: str = "") -> Assertion:
    found = said(text, headline)
    assert found, "nothing is told as news"
    return found[0]


@pytest.mark.parametrize(
    ("text", "imposer", "target"),
    [
        ("The European Union imposed sanctions on Zimbabwe on Monday.", ["EU"], ["ZW"]),
        ("Canada and Japan imposed new sanctions against Nicaragua on Monday.", ["CA", "JP"], ["NI"]),
        ("New sanctions on Eritrea were imposed by the United States on Monday.", ["US"], ["ER"]),
        ("Norway, a neighbour of Sweden, imposed sanctions on Guinea on Monday.", ["NO"], ["GN"]),
        ("Zimbabwe was hit with new U.S. sanctions on Monday.", ["US"], ["ZW"]),
        ("Peru urged Australia to impose sanctions on Guinea on Monday.", ["AU"], ["GN"]),
        ("Britain imposed sanctions on Guinea over its raid into Liberia on Monday.", ["GB"], ["GN"]),
        ("Kenya imposed sanctions on Rwanda on Monday.", ["KE"], ["RW"]),
    ],
)
def test_imposer_and_target_stand_where_the_clause_puts_them(text: str, imposer: list[str], target: list[str]) -> None:
    one = first(text)
    assert (list(one.imposer), list(one.target)) == (imposer, target)


def test_who_strikes_back_imposes_on_the_author_of_what_he_answers() -> None:
    one = next(
        one
        for one in said("Guinea retaliated against US sanctions with curbs of its own on Monday.")
        if one.status == "countered"
    )
    assert (one.imposer, one.target) == (("GN",), ("US",))


def test_states_without_names_leave_the_imposer_open() -> None:
    text = "The West imposed sanctions on Guinea on Monday. The United States had warned of them for weeks."
    assert first(text).imposer == ()


def test_what_a_clause_leaves_unsaid_comes_from_the_nearest_that_says_it() -> None:
    text = "The European Union imposed sanctions on Guinea on Monday. It tightened the sanctions an hour later, officials said."
    assert {one.target for one in said(text)} == {("GN",)}


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("A ceasefire between Armenia and Azerbaijan took effect on Monday.", {"AM", "AZ"}),
        ("The Kenya-Somalia ceasefire took effect on Monday.", {"KE", "SO"}),
        ("Kenya agreed a ceasefire with Somalia on Monday.", {"KE", "SO"}),
        ("Peru called for a ceasefire between Kenya and Somalia on Monday.", {"KE", "SO"}),
        ("Chad and Chadian rebels agreed to a ceasefire in talks in Doha on Monday.", {"TD", "Chadian rebels"}),
        ("Colombia and the ELN agreed to a ceasefire brokered by Norway on Monday.", {"CO", "ELN"}),
    ],
)
def test_sides_fight_and_callers_hosts_and_brokers_do_not(text: str, parties: set[str]) -> None:
    names = {"National Liberation Army": "ELN"}
    assert {names.get(party, party) for party in first(text).parties} == parties


def test_theatre_alone_names_its_sides() -> None:
    assert set(first("A ceasefire in Nagorno-Karabakh took effect on Monday.").parties) == {"AM", "AZ"}


@pytest.mark.parametrize(
    ("text", "attribution"),
    [
        (
            "Kenya and Somalia agreed to a ceasefire on Monday, the two governments said in a joint statement.",
            "confirmed",
        ),
        ("Kenya and Somalia agreed to a ceasefire on Monday, the Kenyan foreign ministry said.", "claimed"),
        ("Kenya and Somalia agreed to a ceasefire on Monday.", "unattributed"),
        ("The United States lifted sanctions on Guinea on Monday, the Treasury said.", "confirmed"),
        ("The United States lifted sanctions on Guinea on Monday, the Kremlin said.", "claimed"),
        ("The United States lifted sanctions on Guinea on Monday, the Gazette understands.", "unattributed"),
        ("The United States lifted sanctions on Guinea on Monday.", "unattributed"),
        ("Peru called for a ceasefire between Kenya and Somalia on Monday.", "confirmed"),
    ],
)
def test_how_sure_it_is_follows_from_which_sides_say_so(text: str, attribution: str) -> None:
    assert first(text).attribution == attribution


def test_deed_is_sure_where_who_does_it_speaks_further_down() -> None:
    text = (
        "The United States lifted sanctions on Guinea on Monday. “It was time,” said a spokesman for the US Treasury."
    )
    assert first(text).attribution == "confirmed"


def test_headline_is_as_sure_as_the_body_below_it() -> None:
    found = said(
        "The United States lifted sanctions on Guinea on Monday, the Kremlin said.", "US lifts sanctions on Guinea"
    )
    assert {one.attribution for one in found} == {"claimed"}


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("Macron: Europe must impose sanctions on Guinea", "Emmanuel Macron"),
        ("Europe must impose sanctions on Guinea - Macron", "Emmanuel Macron"),
        ("Europe must impose sanctions on Guinea, says Macron", "Emmanuel Macron"),
    ],
)
def test_headline_names_its_speaker_before_a_colon_behind_a_dash_or_by_a_verb(headline: str, speaker: str) -> None:
    assert first("", headline).speaker == speaker


def test_pronoun_speaks_for_the_person_named_last() -> None:
    text = "Ada Holm of Norway met reporters on Monday. She called for a ceasefire between Kenya and Somalia at once."
    assert first(text).speaker == "Ada Holm"


def named(headline: str, text: str = "") -> list[str]:
    return [one.entity.text for one in entities_of(headline, text) if one.entity.field == "headline"]


def test_capitals_of_a_headline_name_nobody_that_no_list_and_no_text_knows() -> None:
    assert named("Macron Meets Farmers As Prices Rise In Peru") == ["Macron", "Peru"]


def test_headline_in_capitals_finds_again_whom_the_text_names() -> None:
    text = "Reporters met Ada Holm in Lima."
    assert "Holm" in named("Holm Meets Farmers As Prices Rise In Peru", text)


def test_headline_in_nothing_but_capitals_is_read_as_well() -> None:
    assert named("PERU AND CHILE HALT TALKS OVER FISHING RIGHTS") == ["PERU", "CHILE"]


@pytest.mark.parametrize("pair", ["Peru-Chile", "Peruvian-led", "non-Peruvian"])
def test_states_are_found_beside_a_hyphen(pair: str) -> None:
    assert any(name.startswith(("Peru", "Peruvian")) for name in named(f"the {pair} talks go on for now"))
