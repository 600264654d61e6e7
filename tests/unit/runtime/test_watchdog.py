"""When a process ends itself, and when it must not."""

from __future__ import annotations

import pytest

from runtime.alarm import deadline
from runtime.guarded import TookTooLong
from runtime.watchdog import Fence, Standstill


def test_no_progress_with_messages_waiting_is_a_standstill_after_the_bound() -> None:
    watch = Standstill(60)
    assert [watch.seen(now, 5, behind=True) for now in (0, 30, 60, 61)] == [False, False, False, True]


def test_progress_or_nothing_to_read_or_a_broker_that_was_away_begins_anew() -> None:
    watch = Standstill(60)
    watch.seen(0, 5, behind=True)
    assert not watch.seen(100, 6, behind=True)
    assert not watch.seen(200, 6, behind=False)
    assert not watch.seen(210, 6, behind=True)
    watch.restart()
    assert not watch.seen(400, 6, behind=True)


def test_a_gap_between_two_questions_is_told_once() -> None:
    times = iter([0.0, 0.1, 6.0, 6.1])
    fence = Fence(5, clock=lambda: next(times))
    assert [fence.gap() for _ in range(3)] == [None, 5.9, None]


def test_a_decision_that_never_ends_is_interrupted() -> None:
    def endless() -> None:
        while True:
            pass

    with pytest.raises(TookTooLong), deadline(0.05):
        endless()


def test_no_handler_can_swallow_the_interruption() -> None:
    def swallowing() -> None:
        while True:
            try:
                while True:
                    pass
            except Exception:  # noqa: BLE001 - what a careless handler does
                continue

    with pytest.raises(TookTooLong), deadline(0.05):
        swallowing()
