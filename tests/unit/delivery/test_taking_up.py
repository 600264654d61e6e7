"""For which channels an alert is taken up, and what the ledger brings back after a restart."""

from datetime import timedelta

from alerts import START, alert, item, raised

from schemas.alerts import Alert, Route
from schemas.base import Position
from schemas.facts import AttemptState
from services.delivery.ledger import KEPT, Ledger, attempted
from services.delivery.people import People
from services.delivery.taking_up import item_again, items_of, lacking

PLACE = Position(topic="alerts-raised", partition=0, offset=0)
HOOK = {"url": "https://hook.example", "secret_env": ["S"]}
BOTH = People.model_validate({"everybody": {"webhook": HOOK, "email": {"address": "a@b.example"}}})


def channels(told: Alert, ledger: Ledger) -> list[str]:
    found = items_of(raised(told), PLACE, BOTH, lambda *_: (), START, ledger.may_have_got)
    return [one.channel for one in found]


def ledger(told: Alert, state: AttemptState, channel: str = "webhook", unknown: bool = False) -> Ledger:
    made = Ledger()
    made.fold(attempted(item(told, channel=channel, attempt=1, unknown=unknown), state, START).fact)
    return made


def test_a_correction_goes_only_where_the_alert_may_have_arrived() -> None:
    correction = alert(kind="corrected", replaces="first")
    assert channels(correction, Ledger()) == []
    assert channels(correction, ledger(alert("first"), AttemptState.sent)) == ["webhook"]
    assert channels(correction, ledger(alert("first"), AttemptState.attempting)) == ["webhook"]
    assert channels(correction, ledger(alert("first"), AttemptState.given_up)) == []
    assert channels(correction, ledger(alert("first"), AttemptState.given_up, unknown=True)) == ["webhook"]
    assert channels(correction, ledger(alert("first"), AttemptState.replaced)) == []


def test_a_correction_goes_where_the_alert_went_though_it_is_not_urgent_itself() -> None:
    routes = (Route(channel="webhook", only_urgent=True),)
    sent = ledger(alert("first"), AttemptState.sent)
    assert channels(alert(kind="corrected", replaces="first", routes=routes), sent) == ["webhook"]


def test_a_correction_that_brings_news_is_news() -> None:
    correction = alert(kind="corrected", replaces="first", also=(alert("other").lead,))
    assert channels(correction, Ledger()) == ["webhook", "email"]


def test_a_channel_that_the_person_lacks_is_said_to_be_lacking() -> None:
    phone = alert(routes=(Route(channel="phone"), Route(channel="webhook")))
    assert [one.channel for one in lacking(raised(phone), PLACE, BOTH, START)] == ["phone"]
    assert [one.channel for one in lacking(raised(alert()), PLACE, People(), START)] == ["none"]
    assert list(lacking(raised(alert()), PLACE, BOTH, START)) == []


def test_a_message_of_several_comes_back_as_the_same_with_all_that_it_stands_for() -> None:
    told = alert()
    begun = item(told, attempt=1, bundle="digest", batch="b", missed=3)
    line = attempted(begun, AttemptState.attempting, START).fact
    back = item_again(raised(told), line, BOTH, START)
    assert back is not None
    assert (back.bundle, back.batch, back.missed, back.unknown) == ("digest", "b", 3, True)


def test_lines_that_ended_ninety_days_ago_are_forgotten_and_open_ones_never() -> None:
    ended, waiting, gone = alert("ended"), alert("waiting"), alert("gone", person="jun")
    made = Ledger()
    for told, state, answer in (
        (ended, AttemptState.sent, "204"),
        (waiting, AttemptState.due, ""),
        (gone, AttemptState.given_up, "410: gone"),
    ):
        made.fold(attempted(item(told), state, START, answer).fact)
    assert made.forgotten(START + KEPT) == []
    assert made.forgotten(START + KEPT + timedelta(seconds=1)) == [item(ended).key]


def test_a_channel_that_was_gone_and_switched_on_since_is_not_gone() -> None:
    made = Ledger()
    made.fold(attempted(item(alert()), AttemptState.given_up, START, "410: gone").fact)
    assert made.is_gone("ines", "webhook", None)
    assert made.is_gone("ines", "webhook", START - timedelta(hours=1))
    assert not made.is_gone("ines", "webhook", START + timedelta(hours=1))
