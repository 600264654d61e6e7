"""Order, and what gives way to what."""

from datetime import timedelta

from alerts import START, alert, item

from services.delivery.lanes import Item, Lane, takes_back_all

LATER = START + timedelta(minutes=5)


def lane(*items: Item) -> Lane:
    return Lane(list(items))


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


def test_a_correction_of_an_alert_that_nobody_can_have_got_takes_it_away() -> None:
    unsent, correction = item(alert("first"), due=LATER), item(alert(kind="corrected", replaces="first"))
    assert lane(unsent).corrected_by(correction) is unsent
    assert takes_back_all(correction.alert, unsent.alert)


def test_a_correction_takes_nothing_away_of_what_it_does_not_correct() -> None:
    other = alert("other").lead
    with_more, correction = alert("first", also=(other,)), alert(kind="corrected", replaces="first")
    assert not takes_back_all(correction, with_more)
    assert not takes_back_all(alert(kind="corrected", replaces="first", also=(other,)), alert("first"))


def test_a_claim_that_comes_back_takes_nothing_away() -> None:
    again = alert(kind="corrected", replaces="first")
    again = again.model_copy(update={"lead": again.lead.model_copy(update={"stands": True})})
    assert not takes_back_all(again, alert("first"))


def test_a_correction_follows_an_alert_that_may_have_arrived() -> None:
    unknown, correction = (
        item(alert("first"), due=LATER, attempt=1, unknown=True),
        item(alert(kind="corrected", replaces="first")),
    )
    held = lane(unknown, correction)
    assert held.corrected_by(correction) is None
    pick = held.pick(LATER)
    assert pick is not None
    assert (pick.items, pick.replaced) == ((correction,), (unknown,))


def test_a_correction_is_not_passed_over_by_a_later_step() -> None:
    failed, correction, later = (
        item(alert("second"), attempt=1),
        item(alert(kind="corrected", replaces="first")),
        item(alert("third")),
    )
    held = lane(failed, correction, later)
    pick = held.pick(START)
    assert pick is not None
    assert (pick.items, pick.replaced) == ((correction,), (failed,))
    held.remove((failed, correction))
    pick = held.pick(START)
    assert pick is not None
    assert pick.items == (later,)


def test_what_is_said_of_another_dossier_is_not_passed_over() -> None:
    elsewhere = alert("elsewhere", dossier="east-west").lead
    both, later = item(alert("both", also=(elsewhere,)), attempt=1), item(alert("later"))
    pick = lane(both, later).pick(START)
    assert pick is not None
    assert (pick.items, pick.replaced) == ((both,), ())


def test_what_quiet_hours_hold_does_not_come_after_a_later_step_that_went_through() -> None:
    quiet, urgent = item(alert(), due=LATER, held=True), item(alert(urgent=True))
    pick = lane(quiet, urgent).pick(START)
    assert pick is not None
    assert (pick.items, pick.replaced) == ((urgent,), (quiet,))


def test_what_was_begun_as_one_message_goes_again_as_the_same() -> None:
    begun = [item(alert(), bundle="digest", attempt=1, batch="b") for _ in range(2)]
    held = lane(*begun, item(alert(), bundle="digest"))
    pick = held.pick(START)
    assert pick is not None
    assert pick.items == tuple(begun)


def test_a_digest_takes_all_that_is_due_with_it() -> None:
    items = [item(alert(), bundle="digest") for _ in range(3)]
    pick = lane(*items).pick(START)
    assert pick is not None
    assert pick.items == tuple(items)
