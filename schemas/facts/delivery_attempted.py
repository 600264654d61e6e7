"""The ledger: an attempt was begun, or ended. Compacted by alert and channel."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.base import Fact, Position, Time


class AttemptState(StrEnum):
    attempting = "attempting"
    sent = "sent"
    failed = "failed"
    due = "due"
    parked = "parked"
    given_up = "given_up"
    replaced = "replaced"


class DeliveryAttempted(Fact):
    """`attempting` is acknowledged before the call, the other states after it. `alert_at` is where the alert stands in the log."""

    alert: UUID
    revision: int
    person: str
    conversation: UUID
    channel: str
    state: AttemptState
    attempt: int = Field(ge=0)
    at: Time
    due: Time | None = None
    answer: str = Field(default="", description="what the channel said, shortened, no secret")
    alert_at: Position | None = None
    possible_repeat: bool = False
    missed: int = Field(default=0, ge=0, description="steps of the dossier that this alert stands in for")
    bundle: str = Field(default="", description="digest or storm, where several go as one")
    batch: str = Field(default="", description="id of the message that they were begun as: they go again as the same")
