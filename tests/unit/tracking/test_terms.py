"""Terms and deadlines come from the minutes in the log."""

from datetime import timedelta
from typing import Any

import pytest

from services.tracking.dates import length_of

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("30 days", 30 * DAY),
        ("72-hour", 3 * DAY),
        ("three weeks", 21 * DAY),
        ("P30D", 30 * DAY),
        ("PT36H", DAY * 1.5),
        ("indefinitely", None),
        ("P", None),
    ],
)
def test_lengths_are_read_in_words_and_in_iso(words: str, length: timedelta | None) -> None:
    assert length_of(words) == length


def test_truce_whose_term_passes_is_told_once_by_the_minute(log: Any, truce: Any) -> None:
    told = log.step(truce("in_effect", duration="72 hours"))
    assert log.minute(log.now + 2 * DAY).steps == ()
    (due,) = log.minute(log.now + 3 * DAY).steps
    assert (due.status, due.reality, due.kind, due.was) == ("ended", "scheduled", "new", "in_effect")
    assert due.dossier.id == told.dossier.id
    assert "its term passed at 2026-03-07T09:01+00:00" in due.reason
    assert log.minute(log.now + 4 * DAY).steps == ()


def test_extension_moves_the_term(log: Any, truce: Any) -> None:
    log.report(truce("in_effect", duration="72 hours"))
    log.report(truce("extended", duration="10 days"))
    assert log.minute(log.now + 4 * DAY).steps == ()
    assert len(log.minute(log.now + 11 * DAY).steps) == 1


def test_truce_that_ended_before_its_term_is_not_told_to_run_out(log: Any, truce: Any) -> None:
    log.report(truce("in_effect", duration="72 hours"))
    log.report(truce("ended"))
    assert log.minute(log.now + 4 * DAY).steps == ()


def test_truce_that_outlasts_its_term_is_news_when_it_is_said_to_hold(log: Any, truce: Any) -> None:
    log.report(truce("in_effect", duration="72 hours"))
    log.minute(log.now + 3 * DAY)
    step = log.step(truce("in_effect"), later=4 * DAY)
    assert (step.kind, step.reason) == ("again", "after its term, which has passed")


def test_ultimatum_that_passes_is_told(log: Any, truce: Any) -> None:
    until = {"text": "Friday", "iso": "2026-03-06", "precision": "day"}
    log.report(truce("threatened", ends_at=until))
    (due,) = log.minute(log.now + 3 * DAY).steps
    assert (due.status, due.reality) == ("threatened", "scheduled")
    assert "the deadline passed at 2026-03-07T00:00+00:00" in due.reason


def test_long_silent_dossier_is_put_away(log: Any, truce: Any) -> None:
    told = log.step(truce("agreed"))
    log.minute(log.now.replace(hour=0, minute=0) + 200 * DAY)
    assert told.dossier.id not in log.state.dossiers
    assert log.step(truce("agreed"), later=200 * DAY).kind == "new"
