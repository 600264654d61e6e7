"""A person acted on sending: pause, resume, resend, test, disable a channel."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from schemas.base import Fact, Time


class DeliveryActKind(StrEnum):
    pause = "pause"
    resume = "resume"
    resend = "resend"
    test = "test"
    enable = "enable"
    disable = "disable"


class DeliveryActed(Fact):
    """One act on all sending, or on one person's channel."""

    kind: DeliveryActKind
    by: str
    at: Time
    person: str | None = None
    channel: str | None = None
    alert: UUID | None = None
    reason: str = ""
