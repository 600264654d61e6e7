"""The channels: one file each, found by its name. A channel renders a message and hands it over; it decides nothing.

A module offers `rendered(message) -> dict[str, str]` (pure: what `try alert` shows), `KEYED` (whether the receiver knows a repeat by the
message's id, so that an unknown outcome is sent again), `receiver(to)` (who answers for it: what fails together rests together) and
`opened(settings) -> Sender`.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Any, Protocol, cast

from services.delivery.message import Message
from services.delivery.people import To
from services.delivery.settings import Settings


@dataclass(frozen=True)
class Handed:
    """How a call ended.

    `retry_after` (seconds) is the receiver's wish; `gone` says that it wants nothing more; `final` that no retry helps; `unsent` that it has
    surely not taken the message; `down` that it does not work as a whole, so that it is left in peace for a while.
    """

    ok: bool
    answer: str
    retry_after: float | None = None
    gone: bool = False
    final: bool = False
    unsent: bool = False
    down: bool = False


class Sender(Protocol):
    """One open channel."""

    async def send(self, message: Message, to: To) -> Handed:
        """Hand the message over. Raises `OSError` or `TimeoutError` when it is unknown or impossible whether it arrived."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Channel(Protocol):
    """What a channel's module offers."""

    KEYED: bool

    def rendered(self, message: Message) -> dict[str, Any]:
        """The message as this channel shows it."""
        ...

    def receiver(self, to: To) -> str:
        """Who answers: a name without a secret in it."""
        ...

    def opened(self, settings: Settings) -> Sender:
        """The channel, ready to send."""
        ...


def names() -> list[str]:
    """Every channel: the modules of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def channel(name: str) -> Channel:
    """The channel of this name. Raises `KeyError` that names those that there are."""
    if name not in names():
        raise KeyError(f"{name!r} is no channel; it is one of {', '.join(names())}")
    return cast("Channel", importlib.import_module(f"{__name__}.{name}"))
