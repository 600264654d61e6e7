"""Somebody says, in a text, that a step happened, will happen, or did not."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.base import Part
from schemas.entities import TextField


class Polarity(StrEnum):
    affirmed = "affirmed"
    negated = "negated"


class Reality(StrEnum):
    actual = "actual"
    scheduled = "scheduled"
    conditional = "conditional"
    hypothetical = "hypothetical"
    wished = "wished"
    historical = "historical"
    background = "background"


class Attribution(StrEnum):
    confirmed = "confirmed"
    claimed = "claimed"
    denied = "denied"
    disputed = "disputed"
    unattributed = "unattributed"


class SpeakerRole(StrEnum):
    party = "party"
    mediator = "mediator"
    guarantor = "guarantor"
    imposer = "imposer"
    target = "target"
    third_state = "third_state"
    official = "official"
    analyst = "analyst"


class Precision(StrEnum):
    minute = "minute"
    hour = "hour"
    day = "day"
    month = "month"
    year = "year"


class DateSlot(Part):
    """A date that the text gives, normalised against the article's own time."""

    text: str = Field(description="the words that say it")
    iso: str = Field(description="ISO 8601, as exact as `precision` says: 2025-03-17, 2025-03-17T06:00+03:00, 2025-03")
    precision: Precision


class Codes(Part):
    """Codes of other taxonomies; null where a status has none."""

    cameo: tuple[str, ...] = ()
    plover: str | None = None
    taxonomy: str = "1"


class Assertion(Part):
    """One claim with every slot that the text fills; empty means "not stated".

    Parties, imposers and targets are ISO 3166 alpha-2 codes for states, `EU`, `UN`, `NATO` or a group's name (as LABELS.md);
    persons, firms and vessels by name. `particulars` are what makes the status count again (see `again_when` in the family's file):
    name of the particular -> its values, each normalised (lower case, codes for states, ISO dates).
    """

    id: UUID
    family: str
    status: str
    reality: Reality
    polarity: Polarity
    main: bool = Field(description="reported as current news, not as background")
    attribution: Attribution
    speaker: str | None = None
    speaker_role: SpeakerRole | None = None
    chain: tuple[str, ...] = Field(
        default=(), description="who says that who says, outermost first, when it is third hand"
    )
    parties: tuple[str, ...] = ()
    imposer: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    evidence: str = Field(min_length=1, description="the exact sentence")
    field: TextField
    start: int = Field(ge=0, description="of the evidence, in characters of `field`")
    end: int = Field(gt=0)
    marks: tuple[tuple[int, int], ...] = Field(
        default=(), description="the claim's words inside the evidence, as offsets into it"
    )
    confidence: float = Field(ge=0, le=1)
    codes: Codes = Codes()
    particulars: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    place: tuple[str, ...] = ()
    theatre: str | None = Field(
        default=None, description="the conflict's place for people, as `Ukraine`, where no party is stated"
    )
    limited: str | None = Field(default=None, description="humanitarian, local, energy-only, holiday")
    sidedness: str | None = Field(default=None, description="unilateral, bilateral, multilateral")
    coverage: str | None = None
    duration: str | None = None
    effective_from: DateSlot | None = None
    ends_at: DateSlot | None = None
    conditions: tuple[str, ...] = ()
    programme: str | None = None
    instrument: tuple[str, ...] = Field(
        default=(),
        description="asset freeze, travel ban, arms, export, import, price cap, secondary, diplomatic, asset seizure",
    )
    reason: str | None = None
    list_size: int | None = Field(default=None, ge=0)


class Why(Part):
    """Which rule or feature gave a slot its value, in plain words."""

    slot: str
    value: str
    because: str
