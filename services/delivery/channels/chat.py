"""Chats, through a notification library and a closed list of services whose hosts are fixed: what a user writes never becomes a scheme or a host.

The address of a room is a secret of the operator, in the environment; rules and people only name the service.
"""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Mapping
from typing import Any

from services.delivery.channels import Handed, Sender
from services.delivery.message import Message
from services.delivery.people import ChatTo, PushTo, To
from services.delivery.rendering import one_line, safe, short_parts
from services.delivery.settings import Settings

KEYED = False
FIXED_HOSTS = {
    "slack": "NotifySlack",
    "tgram": "NotifyTelegram",
    "discord": "NotifyDiscord",
    "gchat": "NotifyGoogleChat",
    "pover": "NotifyPushover",
    "prowl": "NotifyProwl",
}
"""By scheme the library's class that may stand for it."""
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\*_~`|"})
ROOM_NAMES = str.maketrans({"@": "@\u2060", "<": "‹", ">": "›"})
"""A word joiner behind @ so that nobody is called by an article's words, and no `<!channel>`."""


def rendered(message: Message) -> dict[str, Any]:
    """Title and text as a room shows them."""
    return {"subject": _harmless(one_line(message.subject)), "text": text_of(message)}


def text_of(message: Message) -> str:
    """A few lines: how sure, the sentence, the address; no word of the article is markup or calls anybody."""
    return _harmless(safe("\n".join(short_parts(message))))


def _harmless(text: str) -> str:
    return text.translate(MARKS).translate(ROOM_NAMES)


def receiver(to: To) -> str:
    """The room, by its name in the environment."""
    return f"{to.service} {to.url_env}" if isinstance(to, ChatTo | PushTo) else "nobody"


def address_of(to: ChatTo | PushTo, environment: Mapping[str, str]) -> str:
    """The library's address of the room. Raises `ValueError` where it is missing, or names another service, or has settings of its own."""
    address = environment.get(to.url_env, "")
    if not address.startswith(f"{to.service}://") or "?" in address or any(char.isspace() for char in address):
        raise ValueError(
            f"{to.url_env} is not set to an address that begins with {to.service}:// and has no ? in it: set it for delivery"
        )
    return address


def plugin_of(to: ChatTo | PushTo, environment: Mapping[str, str]) -> Any:
    """What sends to this room. Raises `ValueError` for an address that the service does not have."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'imghdr' is deprecated", category=DeprecationWarning)
        import apprise  # takes seconds: only where somebody has such a channel
    plugin = apprise.Apprise.instantiate(address_of(to, environment), suppress_exceptions=True)
    if plugin is None or type(plugin).__name__ != FIXED_HOSTS[to.service]:
        raise ValueError(f"{to.url_env} holds no address of {to.service}: see docs/delivery.md for its form")
    return plugin


class Rooms:
    """Sends to rooms and telephones what `rendering` makes of a message."""

    def __init__(self, settings: Settings, rendering: Any) -> None:
        self._seconds, self._rendered = settings.call_seconds, rendering

    async def send(self, message: Message, to: To) -> Handed:
        """Send once. Raises `TimeoutError` when the service does not answer in time."""
        assert isinstance(to, ChatTo | PushTo)  # noqa: S101 - people.py gives each channel its own kind
        try:
            plugin = await asyncio.to_thread(plugin_of, to, os.environ)
        except ValueError as error:
            return Handed(False, str(error), unsent=True, down=True)
        said = self._rendered(message)
        async with asyncio.timeout(self._seconds):
            taken = await asyncio.to_thread(plugin.notify, body=said["text"], title=said["subject"], body_format="text")
        return Handed(True, "taken") if taken else Handed(False, f"{to.service} did not say that it took it", down=True)

    async def close(self) -> None:
        """Nothing is kept open."""


def opened(settings: Settings) -> Sender:
    """The chat channel."""
    return Rooms(settings, rendered)
