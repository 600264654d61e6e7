"""A receiver that fails is left in peace, and tried again one call at a time."""

from datetime import timedelta

from alerts import START

from services.delivery.receivers import FIRST, OPENS_AFTER, PAUSES, WIDEST, Receiver


def broken() -> Receiver:
    receiver = Receiver()
    for _ in range(OPENS_AFTER):
        receiver.report(up=False, now=START)
    return receiver


def test_an_unknown_receiver_gets_few_calls_at_once_and_more_as_it_answers() -> None:
    receiver = Receiver(under_way=FIRST)
    assert not receiver.is_free(START)
    receiver.report(up=True, now=START)
    assert receiver.is_free(START)
    assert not Receiver(under_way=WIDEST, answered=10_000).is_free(START)


def test_a_failing_receiver_gets_one_call_at_a_time() -> None:
    receiver = Receiver(answered=50)
    receiver.report(up=False, now=START)
    assert receiver.is_free(START)
    receiver.under_way = 1
    assert not receiver.is_free(START)


def test_failures_in_a_row_bring_pauses_that_grow_to_a_minute() -> None:
    receiver, now, seen = broken(), START, []
    for _ in range(5):
        assert receiver.closed_until is not None
        assert not receiver.is_free(now)
        seen.append(receiver.closed_until - now)
        now = receiver.closed_until
        assert receiver.is_free(now)
        receiver.report(up=False, now=now)
    assert seen == [PAUSES[0], PAUSES[1], PAUSES[2], PAUSES[2], PAUSES[2]]


def test_calls_that_fail_together_bring_one_pause() -> None:
    receiver = broken()
    until = receiver.closed_until
    receiver.report(up=False, now=START + timedelta(seconds=1))
    assert receiver.closed_until == until


def test_one_answer_ends_the_breach_and_says_so_once() -> None:
    receiver = broken()
    assert receiver.report(up=True, now=START)
    assert not receiver.is_broken
    assert not receiver.report(up=True, now=START)
