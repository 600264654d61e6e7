"""Delivery on a real log: nothing lost, nothing rung twice at a receiver that honours ids, whatever happens to the process."""

from __future__ import annotations

import socket
from collections import Counter

import pytest

from schemas.facts import DeliveryActKind
from tests.integration.delivery.conftest import Ground, alert, eventually

pytestmark = pytest.mark.broker


def test_each_alert_arrives_signed_and_is_recorded_as_sent(ground: Ground) -> None:
    ground.start()
    told = [alert(number, person) for number, person in enumerate(("ines", "tomas", "amara"))]
    ground.raise_alerts(*told)
    eventually(lambda: len(ground.box.messages) == 3)
    assert {message.data["id"] for message in ground.box.messages.values()} == {str(one.id) for one in told}
    eventually(lambda: sorted(ground.ended().values()) == ["sent"] * 3)
    assert ground.box.refused == 0


def test_the_same_alert_in_the_log_twice_is_sent_once(ground: Ground) -> None:
    ground.start()
    ground.raise_alerts(alert(1))
    eventually(lambda: ground.box.messages)
    ground.raise_alerts(alert(1), alert(2))
    eventually(lambda: len(ground.box.messages) == 2)
    assert ground.box.report()["repeats"] == 0


def test_killed_at_any_moment_it_loses_nothing_and_resolves_what_it_had_begun(ground: Ground) -> None:
    told = [alert(number, f"person-{number % 7}") for number in range(150)]
    for wave in range(3):
        process = ground.start()
        ground.raise_alerts(*told[wave * 50 : wave * 50 + 50])
        eventually(lambda wave=wave: len(ground.box.messages) > wave * 50 + 5)
        process.kill()
        process.wait(10)
    ground.start()
    eventually(lambda: Counter(ground.ended().values()) == {"sent": 150} or _shown(ground), within=180)
    assert {message.data["id"] for message in ground.box.messages.values()} == {str(one.id) for one in told}


def test_a_receiver_that_never_answers_is_tried_again_and_holds_up_nobody(ground: Ground) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        good = ground.people.read_text(encoding="utf-8")
        hook = f"{{url: http://127.0.0.1:{deaf.getsockname()[1]}/, secret_env: [TEST_SECRET], internal: true}}"
        ground.people.write_text(f"people:\n  deaf: {{webhook: {hook}}}\n{good}", encoding="utf-8")
        ground.start()
        ground.raise_alerts(*(alert(number, "deaf") for number in range(5)), alert(9, "ines"))
        eventually(lambda: ground.box.messages)
        eventually(lambda: any(fact.state.value == "failed" for fact in ground.recorded()))


def test_an_internal_address_that_the_operator_did_not_allow_is_refused(ground: Ground) -> None:
    text = ground.people.read_text(encoding="utf-8").replace("internal: true", "internal: false")
    ground.people.write_text(text, encoding="utf-8")
    ground.start()
    ground.raise_alerts(alert(1))
    (failed,) = eventually(lambda: [fact for fact in ground.recorded() if fact.state.value == "failed"])[:1]
    assert "which is no public address" in failed.answer
    assert ground.box.messages == {}


def test_a_pause_stops_all_sending_and_resuming_sends_the_latest_state(ground: Ground) -> None:
    ground.start()
    ground.raise_alerts(alert(0, dossier="first"))
    eventually(lambda: len(ground.box.messages) == 1)
    ground.act(DeliveryActKind.pause)
    ground.act(DeliveryActKind.disable, person="nobody", channel="webhook")
    eventually(lambda: _is_paused(ground))
    ground.raise_alerts(alert(101, dossier="same"), alert(102, dossier="same"))
    ground.act(DeliveryActKind.resume)
    eventually(lambda: ground.ended().get(alert(102).id) == "sent")
    assert ground.ended()[alert(101).id] in ("replaced", "sent")


def _is_paused(ground: Ground) -> bool:
    """Sending is paused once an alert that came in is taken up and not sent; each try uses an alert of its own."""
    before = len(ground.box.messages)
    number = 1000 + before + len(ground.recorded())
    ground.raise_alerts(alert(number, dossier="probe"))
    try:
        eventually(lambda: len(ground.box.messages) > before, within=3)
    except AssertionError:
        return True
    return False


def _shown(ground: Ground) -> bool:
    """Always false; says in the test's output how far it is."""
    print(Counter(ground.ended().values()), len(ground.box.messages))
    return False
