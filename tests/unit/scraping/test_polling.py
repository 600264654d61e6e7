"""When a source is polled next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.sources import Source
from services.scraping.polling import GONE, FeedAnswer, PollEnd, answered, failures_after, is_stopped, next_poll
from services.scraping.recording import Poll, recorded

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SOURCE = Source(source="harbour", url="https://harbour.example/feed", outlet="The Harbour Post", interval_seconds=300)
FINE = FeedAnswer(PollEnd.changed, 200)


@given(st.integers(1, 10**6))
def test_next_poll_is_an_interval_away_give_or_take_a_tenth(polls: int) -> None:
    wait = (next_poll(SOURCE, FINE, 0, polls, NOW) - NOW).total_seconds()
    assert 270 <= wait <= 330


def test_sources_of_one_interval_are_not_polled_at_one_moment() -> None:
    due = {next_poll(SOURCE.model_copy(update={"source": f"s{n}"}), FINE, 0, 1, NOW) for n in range(50)}
    assert len(due) > 40


@given(st.integers(1, 100))
def test_failures_space_polls_out_but_never_beyond_six_hours_and_a_tenth(failures: int) -> None:
    wait = next_poll(SOURCE, answered(500), failures, 1, NOW) - NOW
    assert timedelta(minutes=9) <= wait <= timedelta(hours=6.6)


def test_each_failure_doubles_the_pause() -> None:
    waits = [next_poll(SOURCE, answered(500), failures, 7, NOW) - NOW for failures in (1, 2, 3)]
    assert abs(waits[1] - 2 * waits[0]) < timedelta(milliseconds=1)
    assert abs(waits[2] - 4 * waits[0]) < timedelta(milliseconds=1)


@pytest.mark.parametrize("said", ["3600", "Mon, 02 Mar 2026 09:00:00 GMT"])
def test_retry_after_is_obeyed_in_both_its_forms(said: str) -> None:
    assert next_poll(SOURCE, answered(429, said), 1, 1, NOW) >= NOW + timedelta(hours=1)


@pytest.mark.parametrize("said", ["", "soon", "-5", "1e99", "9" * 400, "Mon, 99 Foo 2026"])
def test_retry_after_that_cannot_be_read_is_ignored(said: str) -> None:
    assert next_poll(SOURCE, answered(503, said), 0, 1, NOW) <= NOW + timedelta(days=2, minutes=1)


def test_source_that_is_gone_is_not_polled_again_and_says_the_cure() -> None:
    poll = recorded(SOURCE, None, Poll(answered(GONE)), NOW)
    assert is_stopped(poll)
    assert poll.next_poll > NOW + timedelta(days=365)
    assert poll.error is not None
    assert "copytaster sources add" in poll.error


def test_a_good_answer_ends_the_row_of_failures() -> None:
    failed = recorded(SOURCE, None, Poll(answered(500)), NOW)
    again = recorded(SOURCE, failed, Poll(answered(500)), NOW)
    assert [failed.failures_in_a_row, again.failures_in_a_row] == [1, 2]
    assert failures_after(again, FINE) == 0


def test_what_a_source_had_at_first_is_known_from_its_first_good_answer_on() -> None:
    failed = recorded(SOURCE, None, Poll(answered(500)), NOW)
    assert failed.first_read is None
    assert recorded(SOURCE, failed, Poll(FINE, listed=()), NOW).first_read == NOW


def test_unread_feed_keeps_its_validators() -> None:
    read = recorded(SOURCE, None, Poll(answered(200, etag='"a"'), listed=()), NOW)
    assert recorded(SOURCE, read, Poll(answered(500)), NOW).etag == '"a"'
    assert recorded(SOURCE, read, Poll(answered(304)), NOW).etag == '"a"'
