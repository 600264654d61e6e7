"""Sending over real connections to receivers that behave badly, by a clock that the test moves."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from runtime.handling import Output
from schemas import ids
from schemas.alerts import Alert, MatchedRule, Words
from schemas.base import Meta, Position
from schemas.facts import DeliveryRecorded
from schemas.steps import Dossier, Step
from services.delivery.lanes import Item
from services.delivery.people import People
from services.delivery.sending import Sending
from services.delivery.settings import Settings

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
SECRET = "whsec_" + "d" * 32
Behave = Callable[[dict[str, str], asyncio.StreamWriter], Awaitable[None]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def alert(name: str, person: str, dossier: str = "", at: datetime = START) -> Alert:
    about = ids.derive("test dossier", dossier or name)
    step = Step.model_validate({
        "id": ids.derive("test step", name), "dossier": Dossier(id=about, family="ceasefire", title="North-South", opened=START), "kind": "new",
        "family": "ceasefire", "status": "agreed", "reality": "actual", "polarity": "affirmed", "reason": "first told",
    })  # fmt: skip
    return Alert(
        id=ids.derive("test alert", person, name), person=person, conversation=ids.derive("test conversation", person, about), lead=step,
        rules=(MatchedRule(rule="rule", version=1),), raised_for=at,
        words=Words(first_line=f"CEASEFIRE AGREED · {name}", second_line="Confirmed · 1 origin (outlet)"),
    )  # fmt: skip


async def status(code: int, writer: asyncio.StreamWriter, *headers: str) -> None:
    lines = (f"HTTP/1.1 {code} X", "content-length: 0", "connection: close", *headers)
    writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
    await writer.drain()


@dataclass
class Receiver(AbstractAsyncContextManager["Receiver"]):
    """An HTTP server on loopback that does what `behave` does; `got` keeps each message's id, repeats included."""

    behave: Behave
    got: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self.came = asyncio.Event()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            self.bodies.append(json.loads(await reader.readexactly(int(headers["content-length"]))))
            self.got.append(headers["webhook-id"])
            self.came.set()
            await self.behave(headers, writer)
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@dataclass
class Wire:
    """Sending with the real channels; `now` is the log's time."""

    people: dict[str, Any]
    smtp_port: int = 1
    now: datetime = START
    lines: list[Output] = field(default_factory=list)
    fatal: list[str] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        settings = Settings(
            people=None, call_seconds=0.5, smtp_port=self.smtp_port, smtp_from="Desk <desk@desk.example>"
        )
        people = People.model_validate({"people": self.people})
        self.sending = Sending(settings, people, self._write, lambda: self.now, self.fatal.append)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sending.close()
        assert self.fatal == []

    async def _write(self, outputs: Sequence[Output]) -> None:
        await asyncio.sleep(0)
        self.lines += outputs

    def give(self, told: Alert, channel: str) -> None:
        place = Position(topic="alerts-raised", partition=0, offset=len(self.lines))
        self.sending.add(Item(told, channel, place, Meta(trace="t", root_at=self.now), self.now))

    async def settled(self) -> None:
        """Wait until no call is under way and none begins."""
        async with asyncio.timeout(60):
            still = 0
            while still < 8:
                await asyncio.sleep(0.001)
                still = 0 if self.sending._calls else still + 1

    async def pass_time(self, seconds: float, by: float = 30) -> None:
        """Move the log's clock on in steps, and let what comes due be done."""
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now = min(end, self.now + timedelta(seconds=by))
            self.sending.look()
            await self.settled()

    def recorded(self, person: str = "") -> list[DeliveryRecorded]:
        found = [line.fact for line in self.lines if isinstance(line.fact, DeliveryRecorded)]
        return [fact for fact in found if person in ("", fact.person)]

    def states(self, person: str = "") -> Counter[str]:
        return Counter(fact.state.value for fact in self.recorded(person))


def hook(url: str) -> dict[str, Any]:
    return {"webhook": {"url": url, "secret_env": ["TEST_HOOK_SECRET"], "internal": True}}
