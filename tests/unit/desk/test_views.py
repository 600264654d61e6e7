"""What a row says and where it stands: pure, from the log's words to the reader's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.alerts import Alert
from schemas.codec import decode
from schemas.facts import AlertRaised
from schemas.generate import ROOT
from schemas.steps import Kind
from services.desk.pages.frame import since_looked
from services.desk.views import Row, Standing, groups, row_of, since_line, strength, who_in_words
from services.desk.whole import WELL, whole_in_words

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def alert(minutes: int = 0, *, urgent: bool = False, **of_step: Any) -> Alert:
    raised = decode((ROOT / "schemas/examples/AlertRaised/v1/whole.json").read_bytes())
    assert isinstance(raised, AlertRaised)
    lead = raised.alert.lead.model_copy(update=of_step)
    return raised.alert.model_copy(
        update={"lead": lead, "raised_for": NOW - timedelta(minutes=minutes), "urgent": urgent}
    )


def row(minutes: int, *, urgent: bool = False, done_by: str = "") -> Row:
    return row_of(alert(minutes, urgent=urgent), 1000 - minutes, Standing(done_by=done_by))


def text(pieces: Any) -> str:
    return "".join(piece.text for piece in pieces)


def titles(*rows: Row, since: datetime | None = None) -> list[str]:
    return [group.title for group in groups(rows, since, NOW)]


def test_what_came_since_the_last_look_stands_first_under_its_time() -> None:
    since = NOW - timedelta(minutes=30)
    assert titles(row(5), row(45), row(60 * 30), since=since) == [
        "Since you last looked, 11:30",
        "Earlier today",
        "Before today",
    ]


def test_an_open_urgent_row_stands_above_what_is_new() -> None:
    since = NOW - timedelta(minutes=30)
    assert titles(row(45, urgent=True), row(5), since=since)[0] == "Urgent and open"
    assert titles(row(45, urgent=True, done_by="jl 11:40"), since=since) == ["Earlier today"]


def test_somebody_who_never_looked_before_sees_today() -> None:
    assert titles(row(5)) == ["Today"]


def test_no_row_is_lost_or_shown_twice_in_the_groups() -> None:
    rows = tuple(row(minutes, urgent=minutes % 2 == 0) for minutes in (1, 2, 45, 46, 60 * 20, 60 * 21))
    found = [each for group in groups(rows, NOW - timedelta(minutes=30), NOW) for each in group.rows]
    assert sorted(each.seq for each in found) == sorted(each.seq for each in rows)


def test_a_retracted_sentence_is_struck_through_and_the_row_keeps_its_place() -> None:
    old = alert().lead
    fixed = alert(kind=Kind.retracted, stands=False, of=old.id, reason="the outlet removed the claim")
    shown = row_of(fixed, 99, Standing(old=old, old_at=NOW - timedelta(hours=2), old_seq=7))
    assert (shown.gone, shown.sentence, text(shown.struck)) == (True, (), old.assertion and old.assertion.evidence)
    assert (shown.seq, shown.at, shown.newest) == (7, NOW - timedelta(hours=2), NOW)
    assert (shown.fixed, shown.reason) == ("Retracted 12:00", "The outlet removed the claim")


def test_a_corrected_sentence_stands_beside_the_one_that_it_corrects() -> None:
    old = alert().lead
    assert old.assertion
    said = old.assertion.model_copy(update={"evidence": "It lasts for three days.", "marks": ()})
    shown = row_of(alert(kind=Kind.corrected, stands=False, of=old.id, assertion=said), 9, Standing(old=old))
    assert (text(shown.struck), text(shown.sentence)) == (old.assertion.evidence, "It lasts for three days.")
    assert not shown.gone


def test_a_claim_that_came_back_is_not_struck_through() -> None:
    shown = row_of(alert(kind=Kind.corrected, stands=True), 9)
    assert (shown.struck, bool(shown.sentence)) == ((), True)


def test_a_contradicted_sentence_is_not_struck_through() -> None:
    shown = row_of(alert(kind=Kind.contradicted, stands=False), 9)
    assert (shown.struck, shown.fixed[:12], shown.badge.border) == ((), "Contradicted", "double")


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ({"status": "proposed"}, {"status": "agreed"}),
        ({"status": "agreed", "reality": "scheduled"}, {"status": "agreed"}),
        ({"status": "agreed", "reality": "conditional"}, {"status": "agreed", "reality": "scheduled"}),
        ({"status": "agreed", "reality": "wished"}, {"status": "agreed", "reality": "conditional"}),
        ({"status": "in_effect", "polarity": "negated"}, {"status": "proposed"}),
    ],
)
def test_what_is_actual_and_higher_is_stronger(weaker: dict[str, str], stronger: dict[str, str]) -> None:
    assert strength(alert(**weaker).lead) < strength(alert(**stronger).lead)


def test_since_you_last_looked_tells_moves_and_corrections() -> None:
    agreed = alert(status="agreed").lead
    fixed = alert(kind=Kind.corrected, reason="72 hours, not 30 days").lead
    assert (
        since_line([fixed, agreed], "proposed")
        == "status moved from proposed to agreed; corrected: 72 hours, not 30 days"
    )
    assert since_line([agreed], None) == "it began, with agreed"


def test_the_badges_word_is_not_said_twice() -> None:
    assert who_in_words("Claimed by Northland · 1 origin") == "by Northland · 1 origin"
    assert who_in_words("Official Gazette · 4 origins") == "Official Gazette · 4 origins"


def stamp(minutes: int) -> str:
    return str(int((NOW - timedelta(minutes=minutes)).timestamp()))


@pytest.mark.parametrize(
    ("looked", "since", "minutes"),
    [
        (stamp(60), "", 60),
        (stamp(60), stamp(90), 60),
        (stamp(1), stamp(90), 90),
        (stamp(1), "", None),
        ("soon", "", None),
        ("99999999999", "", None),
    ],
)
def test_who_was_away_for_a_moment_only_still_sees_what_came_before(
    looked: str, since: str, minutes: int | None
) -> None:
    expected = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert since_looked(looked, since, NOW) == expected


def test_a_desk_without_sources_or_clock_is_not_called_well() -> None:
    assert "No source" in whole_in_words([], NOW, NOW)
    assert whole_in_words([], NOW, NOW) != WELL
