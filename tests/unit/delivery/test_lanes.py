"""Order, and what gives way to what."""

from datetime import timedelta

from alerts import START, alert, item

from services.delivery.lanes import Lane

LATER = START + timedelta(minutes=5)


def lane(*items: object) -> Lane:
    made = Lane()
    for one in items:
        made.add(one)  # type: ignore[arg-type]
    return made


def test_first_in_first_out() -> None:
    first, second = item(alert()), item(alert())
    pick = lane(first, second).pick(START)
    assert pick is not None
    assert (pick.items, pick.replaced) == ((first,), ())


def test_nothing_goes_before_it_is_due() -> None:
    assert lane(item(alert(), due=LATER)).pick(START) is None


def test_a_failing_head_is_not_overtaken_and_then_gives_way_to_the_latest_state() -> None:
    failing, second, third = item(alert(), due=LATER, attempt=1), item(alert()), item(alert())
    held = lane(failing, second, third)
    assert held.pick(START) is None
    pick = held.pick(LATER)
    assert pick is not None
    assert (pick.items, pick.replaced) == ((third,), (failing, second))


def test_an_urgent_alert_does_not_wait_for_one_that_quiet_hours_hold() -> None:
    quiet, urgent = item(alert(), due=LATER, held=True), item(alert(urgent=True))
    pick = lane(quiet, urgent).pick(START)
    assert pick is not None
    assert pick.items == (urgent,)


def test_a_correction_of_an_alert_that_nobody_can_have_got_takes_both_away() -> None:
    unsent, correction = item(alert("first"), due=LATER), item(alert(kind="corrected", replaces="first"))
    held = lane(unsent)
    assert held.add(correction) == (unsent, correction)
    assert held.items == []


def test_a_correction_follows_an_alert_that_may_have_arrived() -> None:
    unknown, correction = (
        item(alert("first"), due=LATER, attempt=1, unknown=True),
        item(alert(kind="corrected", replaces="first")),
    )
    held = lane(unknown)
    assert held.add(correction) == ()
    pick = held.pick(LATER)
    assert pick is not None
    assert (pick.items, pick.replaced) == ((correction,), (unknown,))


def test_a_digest_takes_all_that_is_due_with_it() -> None:
    items = [item(alert(), bundle="digest") for _ in range(3)]
    pick = lane(*items).pick(START)
    assert pick is not None
    assert pick.items == tuple(items)
