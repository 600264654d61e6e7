"""The read model is a fold of the log: the same facts give the same pages, however often they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

import pytest

from schemas.base import Fact, Meta, Position
from schemas.codec import decode
from schemas.facts import ActTaken
from schemas.generate import ROOT
from schemas.ids import derive
from services.desk import queries, saying
from services.desk.fold import fold
from services.desk.store import VERSION, connect, one_write, prepare
from services.desk.views import age, pieces
from services.desk.whole import DOWN, WELL, oldest_unread, whole_in_words

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
AT = Position(topic="t", partition=0, offset=0)


def example(name: str) -> Fact:
    return decode((ROOT / "schemas/examples" / name / "v1/whole.json").read_bytes())


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    connection = prepare(tmp_path / "desk.sqlite")
    yield connection
    connection.close()


def put(db: Connection, *facts: Fact) -> set[str]:
    touched: set[str] = set()
    with one_write(db):
        for fact in facts:
            touched |= fold(db, fact, AT)
    return touched


def acted(kind: str, person: str, **form: str) -> ActTaken:
    return saying.act({"kind": kind, **form}, person, NOW)


def told(db: Connection) -> str:
    put(db, example("ArticleTagged"), example("StepsTaken"), example("AlertRaised"), example("AlertsDecided"))
    return queries.queue(db, "open", "jl").rows[0].dossier


def test_a_dossier_is_one_row_with_its_status_sentence_and_certainty(db: Connection) -> None:
    told(db)
    (row,) = queries.queue(db, "open", "jl").rows
    assert row.status == "CEASEFIRE AGREED, says Northland"
    assert row.title == "Northland-Southland"
    assert row.badge.word == "Claimed"
    assert [piece.text for piece in row.sentence if piece.marked] == ["accepted a tru"]


def test_facts_that_come_twice_change_nothing(db: Connection) -> None:
    told(db)
    before = queries.queue(db, "all", "jl")
    assert put(db, example("StepsTaken"), example("AlertRaised")) == set()
    assert queries.queue(db, "all", "jl") == before


def test_an_acknowledged_dossier_leaves_the_open_queue_and_comes_back_when_that_is_undone(db: Connection) -> None:
    dossier = told(db)
    alert = queries.queue(db, "open", "jl").rows[0].alert
    act = acted("acknowledge", "jl", dossier=dossier, alert=alert)
    put(db, act)
    assert queries.queue(db, "open", "jl").rows == ()
    put(db, acted("undo", "jl", undoes=str(act.id)))
    assert len(queries.queue(db, "open", "jl").rows) == 1


def test_the_first_to_claim_has_it(db: Connection) -> None:
    dossier = told(db)
    put(db, acted("claim", "jl", dossier=dossier), acted("claim", "mo", dossier=dossier))
    assert queries.queue(db, "mine", "jl").rows[0].holder == "jl"
    assert queries.queue(db, "mine", "mo").rows == ()


def test_of_what_one_moment_brought_to_two_people_the_row_shows_the_strongest(db: Connection) -> None:
    told(db)
    raised = example("AlertRaised")
    weaker = raised.alert.lead.model_copy(update={"id": derive("weaker"), "status": "proposed"})  # type: ignore[attr-defined]
    alert = raised.alert.model_copy(update={"id": derive("alert"), "person": "mo", "lead": weaker})  # type: ignore[attr-defined]
    put(db, raised.model_copy(update={"id": derive("raised"), "alert": alert}))
    (row,) = queries.queue(db, "open", "jl").rows
    assert row.alert == str(raised.alert.id)  # type: ignore[attr-defined]


def test_an_act_that_is_taken_back_is_told_to_the_pages_of_its_dossier(db: Connection) -> None:
    dossier = told(db)
    act = acted("claim", "jl", dossier=dossier)
    assert put(db, act) == {dossier}
    assert put(db, acted("undo", "jl", undoes=str(act.id))) == {dossier}


def test_both_who_acknowledge_at_once_see_the_first(db: Connection) -> None:
    dossier = told(db)
    alert = queries.queue(db, "open", "jl").rows[0].alert
    put(db, *(acted("acknowledge", who, dossier=dossier, alert=alert) for who in ("jl", "mo")))
    assert queries.queue(db, "all", "jl").rows[0].done_by == "jl 09:30"


def test_a_pasted_text_leads_to_the_article_whose_headline_it_holds(db: Connection) -> None:
    told(db)
    text = "As the wire has it, NORTHLAND ACCEPTS TRUCE, and more."
    assert queries.addresses_in_text(db, text) == ["https://news.example/world/northland-accepts"]
    assert queries.addresses_in_text(db, "Something else altogether") == []


def test_a_scraper_that_is_late_is_told_with_its_minutes(db: Connection) -> None:
    put(db, example("SourceConfigured"), example("PollRecorded"))
    states = queries.sources(db, NOW)
    assert states[0].poll is not None
    late = states[0].poll.next_poll + timedelta(minutes=4)
    assert whole_in_words(states, late, late) == "Scraping slow: alerts may be 4 min late"
    assert whole_in_words(states, states[0].poll.next_poll, states[0].poll.next_poll) == WELL
    assert "clock stands still" in whole_in_words(states, None, NOW)


def test_only_the_holder_can_release(db: Connection) -> None:
    dossier = told(db)
    put(db, acted("claim", "jl", dossier=dossier), acted("release", "mo", dossier=dossier))
    assert queries.hands(db)[dossier].holder == "jl"


def test_a_rule_is_in_force_only_when_alerting_has_said_so(db: Connection) -> None:
    put(db, example("RuleSaved"))
    assert queries.rules(db)[0]["in_force"] is None
    decided = example("AlertsDecided").model_copy(update={"rule": example("RuleSaved").rule})  # type: ignore[attr-defined]
    put(db, decided)
    assert queries.rules(db)[0]["in_force"] is not None


def test_where_an_address_went_is_told_step_by_step(db: Connection) -> None:
    told(db)
    found = queries.story_of_url(db, "https://news.example/world/northland-accepts")
    assert [len(found[name]) for name in ("heads", "steps", "asides", "told", "untold")] == [1, 1, 1, 1, 1]


def test_a_source_that_is_late_is_not_called_silent(db: Connection) -> None:
    put(db, example("SourceConfigured"), example("PollRecorded"))
    assert queries.sources(db, datetime(2026, 3, 4, 9, 3, tzinfo=UTC))[0].trouble == ""
    assert "not polled" in queries.sources(db, NOW)[0].trouble


def test_a_file_of_another_version_is_set_aside_and_built_anew(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    db = prepare(path)
    told(db)
    db.execute(f"pragma user_version={VERSION + 1}")
    db.close()
    db = prepare(path)
    assert queries.queue(db, "all", "jl").rows == ()
    db.close()
    assert connect(tmp_path / "desk.sqlite.old").execute("select count(*) from alerts").fetchone()[0] == 1


@pytest.mark.parametrize(
    ("minutes", "says"), [(0, "0 min"), (59, "59 min"), (60, "08:30"), (600, "Tue 03 Mar 23:30"), (-5, "0 min")]
)
def test_ages_are_minutes_up_to_an_hour_then_clock_time(minutes: int, says: str) -> None:
    assert age(NOW - timedelta(minutes=minutes), NOW) == says


@pytest.mark.parametrize(
    ("marks", "marked"), [(((0, 3),), ["abc"]), (((2, 4), (3, 5)), ["cd"]), (((4, 99),), []), ((), []), (((3, 3),), [])]
)
def test_marks_that_do_not_fit_the_sentence_are_passed_over(
    marks: tuple[tuple[int, int], ...], marked: list[str]
) -> None:
    found = pieces("abcdef", marks)
    assert "".join(piece.text for piece in found) == "abcdef"
    assert [piece.text for piece in found if piece.marked] == marked


@pytest.mark.parametrize(
    ("form", "says"), [({"kind": "sing"}, "no act"), ({"kind": "claim", "dossier": "x"}, "no id"), ({}, "no act")]
)
def test_an_act_that_cannot_be_is_refused_with_the_cure(form: dict[str, str], says: str) -> None:
    with pytest.raises(saying.Refused, match=says):
        saying.act(form, "jl", NOW)


def test_what_a_person_begins_has_a_trace_of_its_own() -> None:
    fact = acted("claim", "jl", dossier=str(derive("d")))
    assert fact.meta == Meta(trace=fact.meta.trace, root_at=NOW)


def test_a_service_that_is_slow_or_away_is_told_from_its_own_metrics(db: Connection) -> None:
    put(db, example("SourceConfigured"), example("PollRecorded"))
    states = queries.sources(db, NOW)
    assert states[0].poll is not None
    then = states[0].poll.next_poll
    page = (
        'copytaster_oldest_unread_seconds{service="tagging",topic="t"} 250.0\ncopytaster_ready{service="tagging"} 1.0\n'
    )
    late = {"scraping": oldest_unread("copytaster_ready 1.0\n"), "tagging": oldest_unread(page)}
    assert whole_in_words(states, then, then, late) == "Tagging slow: alerts may be 4 min late"
    assert "Alerting does not answer" in whole_in_words(states, then, then, {"alerting": DOWN})
    assert whole_in_words(states, then, then, {"tagging": 2.0}) == WELL
