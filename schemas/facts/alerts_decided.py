"""Alerting decided on one message of its inbox: who was told, and what that leaves to remember."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from schemas.base import Fact, Part, Time
from schemas.rules import Rule


class Told(Part):
    """One person was told one step, by which alert."""

    person: str
    dossier: UUID
    step: UUID
    status: str
    alert: UUID
    version: UUID | None = None
    rules: tuple[str, ...] = Field(default=(), description="the rules by which this person was told")


class Untold(Part):
    """A rule that came close and did not match, or a person who was not told though one did."""

    person: str
    rule: str
    step: UUID
    reason: str


class AlertsDecided(Fact):
    """Every message of alerting's inbox leaves exactly one; the fold of these is its whole state."""

    at: Time
    told: tuple[Told, ...] = ()
    untold: tuple[Untold, ...] = ()
    rule: Rule | None = Field(default=None, description="the rule that is in force from here on")
    act: UUID | None = None
    remember: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="mutes, follows and holds, by name")
    reason: str
