"""What people do: acknowledge, claim, follow, mute, confirm, correct, retract, merge, split, pause."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.base import Part, Time


class ActKind(StrEnum):
    acknowledge = "acknowledge"
    claim = "claim"
    release = "release"
    follow = "follow"
    unfollow = "unfollow"
    mute = "mute"
    unmute = "unmute"
    confirm = "confirm"
    wrong = "wrong"
    correct = "correct"
    retract = "retract"
    merge = "merge"
    divide = "split"
    undo = "undo"


class Act(Part):
    """One act of one person on one thing. `undoes` names the act that this one takes back."""

    act: UUID
    kind: ActKind
    person: str
    at: Time
    dossier: UUID | None = None
    other: UUID | None = Field(default=None, description="the second dossier of a merge; the step of a split")
    step: UUID | None = None
    alert: UUID | None = None
    undoes: UUID | None = None
    until: Time | None = None
    but_tell_if_status_changes: bool = False
    answer: str | None = Field(
        default=None, description="for `wrong`: type, not_new, not_true, not_for_me; for `confirm`: which check"
    )
    reason: str = ""
