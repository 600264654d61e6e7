"""Words that leave the desk: names in the house's spelling, copy for the wire, a comparison of texts, a calendar, a feed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alerts import Alert
from schemas.codec import decode
from schemas.facts import AlertRaised
from schemas.generate import ROOT
from services.desk.deadlines import Term, calendar, in_order
from services.desk.differing import difference, is_changed
from services.desk.feed import atom
from services.desk.house import HouseStyle, StyleError, read_style
from services.desk.wire import wire_copy

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
WORDS = st.lists(st.sampled_from(["truce", "holds", "for", "ten", "days", "weeks"]), max_size=60).map(" ".join)


def alert() -> Alert:
    raised = decode((ROOT / "schemas/examples/AlertRaised/v1/whole.json").read_bytes())
    assert isinstance(raised, AlertRaised)
    return raised.alert


def term(**of: Any) -> Term:
    body = {
        "dossier": "d1", "title": "Lake front; north, east", "family": "ceasefire", "status": "agreed", "what": "ends_at",
        "iso": "2026-03-06", "precise": "day", "said": "until Friday", "step_at": NOW,
    }  # fmt: skip
    return Term(**(body | of))


def test_names_are_written_as_the_house_does_and_only_whole_names() -> None:
    style = read_style("Northland: Nordland\nNorth: Norr\n")
    assert style.of("CEASEFIRE AGREED, says Northland · Northland-Southland, Northlander") == (
        "CEASEFIRE AGREED, says Nordland · Nordland-Southland, Northlander"
    )


@pytest.mark.parametrize("text", ["- a\n- b\n", "Kiev: 3\n", "a: [\n", "Kiev: ''\n"])
def test_a_house_style_that_is_none_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(StyleError, match="name: spelling"):
        read_style(text)


def test_copy_for_the_wire_keeps_the_quote_as_it_was_said() -> None:
    first, second = wire_copy(alert(), HouseStyle({"Northland": "Nordland"})).split("\n")
    said = alert().lead.assertion
    assert said
    assert "Northland" not in first
    assert said.evidence in second
    assert second.endswith(alert().head.url)  # type: ignore[union-attr]


@given(WORDS, WORDS)
def test_what_came_and_what_went_make_one_text_of_the_other(before: str, after: str) -> None:
    runs = difference(before, after)
    if not any(run.kind == "left_out" for run in runs):
        assert "".join(run.text for run in runs if run.kind != "gone").split() == after.split()
        assert "".join(run.text for run in runs if run.kind != "added").split() == before.split()
    assert is_changed(runs) == (before.split() != after.split())


def test_long_runs_that_stayed_are_left_out() -> None:
    stayed = " ".join(f"w{number}" for number in range(200))
    runs = difference(f"{stayed} thirty days", f"{stayed} three days")
    assert [run.kind for run in runs] == ["left_out", "same", "gone", "added", "same"]


def test_a_calendar_escapes_folds_and_leaves_out_what_has_no_day() -> None:
    text = calendar([term(title="x" * 90 + "; é"), term(iso="2026-03", precise="month")], "http://127.0.0.1:8080")
    assert text.count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20260306\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\\; é" in text.replace("\r\n ", "")


def test_a_moment_goes_into_the_calendar_in_utc() -> None:
    text = calendar([term(iso="2026-03-06T06:00+03:00", precise="minute")], "http://127.0.0.1")
    assert "DTSTART:20260306T030000Z\r\n" in text


def test_terms_stand_soonest_first_and_a_day_passes_when_it_ends() -> None:
    today, past, later = term(iso="2026-03-04"), term(iso="2026-03-03"), term(iso="2026-03-09")
    assert in_order([later, past, today], NOW) == ([today, later], [past], [])


def test_a_feed_can_be_read_whatever_stands_in_it() -> None:
    hostile = alert().model_copy(update={"words": alert().words.model_copy(update={"first_line": "<b>&\x00 ]]>"})})
    feed = ET.fromstring(atom("jl / mine", "http://127.0.0.1", [hostile], NOW))
    assert feed.findtext("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title") == "<b>& ]]>"
