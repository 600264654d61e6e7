"""Receivers that hang, drip, fail, refuse, lead elsewhere or are not there at all: over real connections, in the log's time."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.integration.delivery.wire import SECRET, Receiver, Wire, alert, free_port, hook, status

HOUR = 3600


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_HOOK_SECRET", SECRET)


async def good(_: Any, writer: asyncio.StreamWriter) -> None:
    await status(204, writer)


async def hangs(_: Any, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(2)


async def test_a_receiver_that_hangs_is_tried_again_under_the_same_id_and_holds_up_nobody() -> None:
    async with (
        Receiver(hangs) as deaf,
        Receiver(good) as quick,
        Wire({"deaf": hook(deaf.url), "quick": hook(quick.url)}) as wire,
    ):
        for number in range(30):
            wire.give(alert(f"deaf {number}", "deaf"), "webhook")
        wire.give(alert("one", "quick"), "webhook")
        await asyncio.wait_for(quick.came.wait(), 5)
        assert wire.states("quick") in ({"sent": 1}, {})
        await wire.settled()
        assert len(deaf.got) < 10, "after failures in a row it is left in peace"
        deaf.behave = good
        await wire.pass_time(HOUR, by=60)
        assert wire.states("deaf")["sent"] == 30
        assert len(set(deaf.got)) == 30
        assert len(deaf.got) == 30 + wire.states("deaf")["failed"]


async def test_an_answer_of_500_is_retried_by_the_schedule_until_it_is_taken() -> None:
    async def fails(_: Any, writer: asyncio.StreamWriter) -> None:
        await status(500, writer)

    async with Receiver(fails) as ailing, Wire({"ines": hook(ailing.url)}) as wire:
        wire.give(alert("one", "ines"), "webhook")
        await wire.pass_time(380, by=2)
        assert len(ailing.got) == 5, "at once, and after 2 s, 10 s, 1 min and 5 min"
        ailing.behave = good
        await wire.pass_time(HOUR, by=120)
        assert wire.states() == {"failed": 5, "sent": 1}
        assert len(set(ailing.got)) == 1


async def test_410_ends_the_channel_and_nothing_more_is_sent_to_it() -> None:
    async def gone(_: Any, writer: asyncio.StreamWriter) -> None:
        await status(410, writer)

    async with Receiver(gone) as left, Wire({"ines": hook(left.url)}) as wire:
        wire.give(alert("one", "ines"), "webhook")
        await wire.settled()
        wire.give(alert("two", "ines"), "webhook")
        await wire.pass_time(HOUR, by=600)
        assert len(left.got) == 1
        assert wire.states() == {"given_up": 2}


async def test_a_redirect_inward_is_not_followed() -> None:
    async with Receiver(good) as inner:

        async def leads_inward(_: Any, writer: asyncio.StreamWriter) -> None:
            await status(307, writer, f"location: {inner.url}")

        async with Receiver(leads_inward) as outer, Wire({"ines": hook(outer.url)}) as wire:
            wire.give(alert("one", "ines"), "webhook")
            await wire.settled()
            assert inner.got == []
            (failed,) = wire.recorded()
            assert "307: redirects are not followed" in failed.answer


async def test_an_internal_address_is_refused_at_every_attempt() -> None:
    async with Receiver(good) as inner:
        told = {"webhook": hook(inner.url)["webhook"] | {"internal": False}}
        async with Wire({"ines": told}) as wire:
            wire.give(alert("one", "ines"), "webhook")
            await wire.pass_time(60, by=1)
            assert len(wire.recorded()) == 3
            assert {"which is no public address" in each.answer for each in wire.recorded()} == {True}
            assert inner.got == []


async def test_a_receiver_that_drips_its_headers_is_cut_off_and_tried_again() -> None:
    async def drips(_: Any, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"H")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with Receiver(drips) as slow, Wire({"ines": hook(slow.url)}) as wire:
        wire.give(alert("one", "ines"), "webhook")
        await wire.settled()
        assert wire.states() == {"failed": 1}
        slow.behave = good
        await wire.pass_time(10)
        assert wire.states() == {"failed": 1, "sent": 1}
        assert len(set(slow.got)) == 1


async def test_a_receiver_that_said_yes_and_then_drips_for_ever_has_got_it() -> None:
    async def drips(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1\r\nx\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with Receiver(drips) as slow, Wire({"ines": hook(slow.url)}) as wire:
        wire.give(alert("one", "ines"), "webhook")
        await wire.settled()
        assert wire.states() == {"sent": 1}, wire.recorded()[0].answer


class Mailbox:
    """What a real SMTP server took; `refuse` is what it answers to a recipient, if anything."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.refuse = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content))
        return "250 taken"


MAIL = {"ines": {"email": {"address": "ines@desk.example"}}, "tomas": {"email": {"address": "tomas@desk.example"}}}


async def test_smtp_down_for_an_hour_loses_nothing_repeats_nothing_and_then_sends_the_latest_of_each_dossier() -> None:
    port, box = free_port(), Mailbox()
    async with Wire(MAIL, smtp_port=port) as wire:
        for number in range(4):
            for person in ("ines", "tomas"):
                wire.give(alert(f"truce {number}", person, dossier="truce"), "email")
                wire.give(alert(f"single {number}", person), "email")
            await wire.pass_time(HOUR / 4, by=90)
        assert wire.states()["sent"] == 0
        server = Controller(box, hostname="127.0.0.1", port=port)
        server.start()
        try:
            await wire.pass_time(5 * 60 + 60)
        finally:
            server.stop()
        subjects = sorted((mail["To"].split("@")[0], mail["Subject"].split("_")[-1]) for mail in box.mails)
        assert len(subjects) == 10, "one of the truce and four single ones, for each of two"
        assert len({mail["Message-ID"] for mail in box.mails}) == 10
        assert wire.states() == {"sent": 10, "replaced": 6, "failed": wire.states()["failed"]}
        truce = [mail for mail in box.mails if "3 steps of this while this channel was down" in _text(mail)]
        assert sorted(mail["To"] for mail in truce) == ["ines@desk.example", "tomas@desk.example"]
        assert not any("Possible repeat" in _text(mail) for mail in box.mails)


async def test_a_recipient_that_is_refused_for_good_is_given_up_and_no_other_suffers() -> None:
    port, box = free_port(), Mailbox()
    box.refuse = "550 no such box"
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        async with Wire(MAIL, smtp_port=port) as wire:
            wire.give(alert("one", "ines"), "email")
            await wire.settled()
            box.refuse = ""
            wire.give(alert("one", "tomas"), "email")
            await wire.settled()
            assert (wire.states("ines"), wire.states("tomas")) == ({"given_up": 1}, {"sent": 1})
    finally:
        server.stop()


async def test_a_mail_server_that_breaks_off_after_the_mail_gets_it_again_marked_as_a_possible_repeat() -> None:
    port, mails = free_port(), list[bytes]()

    async def breaks_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                mails.append(await reader.readuntil(b"\r\n.\r\n"))
                break
            writer.write(b"250 yes\r\n")
        writer.close()

    server = await asyncio.start_server(breaks_off, "127.0.0.1", port)
    async with Wire(MAIL, smtp_port=port) as wire:
        wire.give(alert("one", "ines"), "email")
        await wire.settled()
        await wire.pass_time(5, by=1)
        assert len(mails) == 2
        assert [b"Possible repeat" in mail for mail in mails] == [False, True]
        assert len({mail.split(b"Message-ID: ")[1].split(b"\r\n")[0] for mail in mails}) == 1
    server.close()


def _text(mail: Message) -> str:
    return "".join(
        part.get_payload(decode=True).decode() for part in mail.walk() if part.get_content_type() == "text/plain"
    )  # type: ignore[union-attr]
