"""Alerting decided on one message of its inbox: who was told, and what that leaves to remember."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from pydantic import Field

from schemas import ids
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


class ToldTogether(Part):
    """One step that many persons were told by one version: as `Told`, with what is the same for all said once.

    Each one's alert is `ids.alert_id(person, version, lead)`.
    """

    dossier: UUID
    step: UUID
    status: str
    version: UUID
    lead: UUID = Field(description="the dossier of the alerts' lead")
    rules: dict[str, tuple[str, ...]] = Field(description="by person, the rules by which they were told")

    def each(self) -> Iterator[Told]:
        """One for each person."""
        for person, rules in self.rules.items():
            yield Told.model_construct(
                person=person, dossier=self.dossier, step=self.step, status=self.status,
                alert=ids.alert_id(person, self.version, self.lead), version=self.version, rules=rules,
            )  # fmt: skip


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
    together: tuple[ToldTogether, ...] = Field(default=(), description="in place of `told` where many were told")
    untold: tuple[Untold, ...] = ()
    rule: Rule | None = Field(default=None, description="the rule that is in force from here on")
    act: UUID | None = None
    remember: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="mutes, follows and holds, by name")
    reason: str

    def everybody_told(self) -> Iterator[Told]:
        """Who was told what, however it is written down."""
        yield from self.told
        for many in self.together:
            yield from many.each()
