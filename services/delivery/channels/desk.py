"""The desk reads every alert from the log by itself; here it is only noted that it was there to be seen."""

from __future__ import annotations

from typing import Any

from services.delivery.channels import Handed, Sender
from services.delivery.message import Message
from services.delivery.people import To
from services.delivery.rendering import one_line
from services.delivery.settings import Settings

KEYED = True


def rendered(message: Message) -> dict[str, Any]:
    """The row on the desk."""
    words = message.alert.words
    return {"subject": one_line(words.first_line), "text": one_line(words.second_line)}


def receiver(to: To) -> str:
    """The desk."""
    return "desk"


class _Desk:
    async def send(self, message: Message, to: To) -> Handed:
        """Nothing to hand over."""
        return Handed(True, "on the desk")

    async def close(self) -> None:
        """Nothing is kept open."""


def opened(settings: Settings) -> Sender:
    """The desk."""
    return _Desk()
