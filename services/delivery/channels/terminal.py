"""Alerts in the terminal of this machine, or at the end of a file that is shown there."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from services.delivery.channels import Handed, Sender
from services.delivery.message import Message
from services.delivery.people import To
from services.delivery.rendering import one_line, plain_text
from services.delivery.settings import Settings

KEYED = False


def rendered(message: Message) -> dict[str, Any]:
    """Subject and the short text that is written."""
    return {"subject": one_line(message.subject), "text": short_text(message)}


def short_text(message: Message) -> str:
    """A few lines: who, what, how sure, the sentence."""
    if message.kind in ("digest", "storm"):
        return plain_text(message)
    alert = message.alert
    repeat = "  (possible repeat)" if message.possible_repeat else ""
    lines = [f"{alert.raised_for:%H:%M:%S} {alert.person}: {message.subject}{repeat}", f"  {alert.words.second_line}"]
    lines += [f"  “{alert.lead.assertion.evidence}”"] if alert.lead.assertion else []
    lines += [f"  also: {line}" for line in alert.words.also]
    lines += [f"  {alert.head.url}"] if alert.head else []
    return "".join(f"{line.replace(line.strip(), one_line(line))}\n" for line in lines)


def receiver(to: To) -> str:
    """The terminal."""
    return "terminal"


class _Terminal:
    def __init__(self, path: Path | None) -> None:
        self._path = path

    async def send(self, message: Message, to: To) -> Handed:
        """Write and flush."""
        await asyncio.to_thread(self._write, short_text(message))
        return Handed(True, "written")

    async def close(self) -> None:
        """Nothing is kept open."""

    def _write(self, text: str) -> None:
        if self._path is None:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(text)


def opened(settings: Settings) -> Sender:
    """The terminal."""
    return _Terminal(settings.terminal)
