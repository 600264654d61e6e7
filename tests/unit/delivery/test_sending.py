"""Handing over: the intent before the call, the outcome after it; what fails comes again, and nobody waits for another's channel."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from alerts import START, alert, item

from runtime.handling import Output
from schemas.facts import DeliveryAttempted, DeliveryRecorded
from services.delivery.channels import Handed
from services.delivery.lanes import Item
from services.delivery.message import Message
from services.delivery.people import People, To
from services.delivery.sending import Sending
from services.delivery.settings import Settings

EVERYBODY = People.model_validate(
    {
        "everybody": {
            "webhook": {"url": "https://hook.example", "secret_env": ["S"]},
            "email": {"address": "a@b.example"},
        }
    }
)
OK = Handed(True, "204")


@dataclass
class Channel:
    """A channel that answers what the test says, the last answer for ever."""

    answers: list[Handed | Exception] = field(default_factory=lambda: [OK])
    sent: list[Message] = field(default_factory=list)
    hangs: asyncio.Event | None = None

    async def send(self, message: Message, to: To) -> Handed:
        self.sent.append(message)
        if self.hangs is not None:
            await self.hangs.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        return None


@dataclass
class Desk:
    """Sending with two channels, a clock that the test moves, and a ledger in memory."""

    webhook: Channel = field(default_factory=Channel)
    email: Channel = field(default_factory=Channel)
    lines: list[Output] = field(default_factory=list)
    now: datetime = START
    settings: Settings = field(default_factory=lambda: Settings(people=None))
    fatal: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        senders = {"webhook": self.webhook, "email": self.email}
        self.sending = Sending(self.settings, EVERYBODY, self.write, lambda: self.now, self.fatal.append, senders)  # type: ignore[arg-type]

    async def write(self, outputs: Sequence[Output]) -> None:
        await asyncio.sleep(0)
        self.lines += outputs

    def give(self, *items: Item) -> None:
        for one in items:
            self.sending.add(one)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110 - the condition is any that a test names
                await asyncio.sleep(0)

    async def done(self) -> None:
        await self.until(lambda: self.sending.waiting == 0)
        await self.sending.close()

    def states(self, *, recorded: bool = False) -> list[str]:
        kind = DeliveryRecorded if recorded else DeliveryAttempted
        return [line.fact.state.value for line in self.lines if isinstance(line.fact, kind)]

    def wake(self, moment: datetime) -> None:
        self.now = moment
        self.sending.look()


async def test_the_intent_stands_in_the_ledger_before_the_call_and_the_outcome_after_it() -> None:
    desk = Desk()
    desk.give(item(alert()))
    await desk.done()
    assert desk.states() == ["attempting", "sent"]
    assert desk.states(recorded=True) == ["sent"]


async def test_alerts_of_one_dossier_go_in_order_one_after_the_other() -> None:
    desk = Desk()
    first, second = alert(), alert()
    desk.give(item(first), item(second))
    await desk.done()
    assert [message.alert.id for message in desk.webhook.sent] == [first.id, second.id]


async def test_a_channel_that_hangs_does_not_hold_up_another() -> None:
    desk = Desk(webhook=Channel(hangs=asyncio.Event()))
    told = alert()
    desk.give(item(told), item(told, channel="email"))
    await desk.until(lambda: "sent" in desk.states())
    assert len(desk.email.sent) == 1
    assert desk.webhook.hangs is not None
    desk.webhook.hangs.set()
    await desk.done()


async def test_what_fails_comes_again_when_it_is_due() -> None:
    desk = Desk(webhook=Channel([Handed(False, "500"), OK]))
    desk.give(item(alert()))
    await desk.until(lambda: "due" in desk.states())
    desk.wake(START + timedelta(seconds=2))
    await desk.done()
    assert desk.states() == ["attempting", "due", "attempting", "sent"]
    assert desk.states(recorded=True) == ["failed", "sent"]


async def test_after_an_outage_the_latest_state_goes_once_and_says_how_many_steps_it_stands_for() -> None:
    desk = Desk(webhook=Channel([Handed(False, "503"), OK]))
    desk.give(item(alert("one")))
    await desk.until(lambda: "due" in desk.states())
    desk.give(item(alert("two")), item(alert("three")))
    desk.wake(START + timedelta(seconds=2))
    await desk.done()
    assert len(desk.webhook.sent) == 2
    assert (desk.webhook.sent[1].alert.id, desk.webhook.sent[1].missed) == (alert("three").id, 2)
    assert desk.states(recorded=True) == ["failed", "replaced", "replaced", "sent"]


async def test_what_stood_in_for_others_counts_for_them_when_it_is_passed_over_itself() -> None:
    desk = Desk(webhook=Channel([Handed(False, "503"), Handed(False, "503"), OK]))
    desk.give(item(alert("one")))
    await desk.until(lambda: desk.states().count("due") == 1)
    desk.give(item(alert("two")))
    desk.wake(START + timedelta(seconds=2))
    await desk.until(lambda: desk.states().count("due") == 2)
    desk.give(item(alert("three")))
    desk.wake(START + timedelta(seconds=12))
    await desk.done()
    assert desk.webhook.sent[-1].missed == 2


async def test_a_correction_of_what_waits_for_a_digest_takes_it_back() -> None:
    desk = Desk()
    later = START + timedelta(hours=1)
    desk.give(item(alert("first"), later, "email", bundle="digest"))
    desk.give(item(alert(kind="corrected", replaces="first"), channel="email"))
    await desk.done()
    assert desk.email.sent == []
    assert desk.states(recorded=True) == ["replaced", "replaced"]


async def test_a_correction_that_cannot_take_all_back_goes_after_what_it_corrects() -> None:
    desk = Desk()
    later = START + timedelta(hours=1)
    both = alert("first", also=(alert("other").lead,))
    desk.give(
        item(both, later, "email", bundle="digest"),
        item(alert("c", kind="corrected", replaces="first"), channel="email"),
    )
    desk.wake(later)
    await desk.done()
    (message,) = desk.email.sent
    assert [each.id for each in message.alerts] == [both.id, alert("c").id]


async def test_a_receiver_that_is_gone_gets_nothing_more() -> None:
    desk = Desk(webhook=Channel([Handed(False, "410: gone", gone=True)]))
    desk.give(item(alert()))
    await desk.until(lambda: "given_up" in desk.states())
    desk.give(item(alert(dossier="east-west")))
    await desk.done()
    assert len(desk.webhook.sent) == 1
    assert desk.states(recorded=True) == ["given_up", "given_up"]


async def test_a_mail_that_may_have_gone_is_sent_again_marked_as_a_possible_repeat() -> None:
    desk = Desk(email=Channel([OSError("broken off"), OK]))
    desk.give(item(alert(), channel="email"))
    await desk.until(lambda: "due" in desk.states())
    desk.wake(START + timedelta(seconds=2))
    await desk.done()
    assert [message.possible_repeat for message in desk.email.sent] == [False, True]


async def test_a_mail_that_may_have_gone_is_parked_where_the_operator_wants_it() -> None:
    desk = Desk(email=Channel([TimeoutError()]), settings=Settings(people=None, mail_unknown="park"))
    desk.give(item(alert(), channel="email"))
    await desk.done()
    assert desk.states() == ["attempting", "parked"]


async def test_a_webhook_that_may_have_arrived_comes_again_under_the_same_id() -> None:
    desk = Desk(webhook=Channel([TimeoutError(), OK]))
    desk.give(item(alert()))
    await desk.until(lambda: "due" in desk.states())
    desk.wake(START + timedelta(seconds=2))
    await desk.done()
    assert desk.webhook.sent[0].id == desk.webhook.sent[1].id
    assert not desk.webhook.sent[1].possible_repeat


async def test_while_sending_is_paused_nothing_goes_and_then_the_latest_of_each_dossier() -> None:
    desk = Desk()
    desk.sending.pause()
    desk.give(item(alert("one")), item(alert("two")), item(alert("other", dossier="east-west")))
    for _ in range(20):
        await asyncio.sleep(0)
    assert desk.webhook.sent == []
    desk.sending.resume()
    await desk.done()
    assert {message.alert.id for message in desk.webhook.sent} == {alert("two").id, alert("other").id}


async def test_a_bug_in_a_channel_is_a_failed_attempt_and_not_the_end() -> None:
    desk = Desk(webhook=Channel([RuntimeError("broken"), OK]))
    desk.give(item(alert()))
    await desk.until(lambda: "due" in desk.states())
    desk.wake(START + timedelta(seconds=2))
    await desk.done()
    assert desk.states(recorded=True) == ["failed", "sent"]


async def test_a_ledger_that_cannot_be_written_ends_the_process() -> None:
    desk = Desk()

    async def broken(_: Sequence[Output]) -> None:
        raise RuntimeError("no broker")

    desk.sending._write = broken
    desk.give(item(alert()))
    await desk.until(lambda: bool(desk.fatal))
    assert desk.webhook.sent == []
    await desk.sending.close()


@pytest.mark.parametrize("count", [3])
async def test_a_digest_is_one_message_with_all_its_alerts(count: int) -> None:
    desk = Desk()
    desk.give(*(item(alert(dossier=f"dossier {number}"), channel="email", bundle="digest") for number in range(count)))
    await desk.done()
    (message,) = desk.email.sent
    assert (message.kind, len(message.alerts)) == ("digest", count)
    assert desk.states(recorded=True) == ["sent"] * count
