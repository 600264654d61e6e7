"""What a dossier did: the only thing that is new."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.assertions import Assertion
from schemas.base import Part, Time


class Kind(StrEnum):
    new = "new"
    advanced = "advanced"
    stepped_back = "stepped_back"
    again = "again"
    contradicted = "contradicted"
    corrected = "corrected"
    retracted = "retracted"
    restated = "restated"
    corroborated = "corroborated"
    late = "late"
    upgraded = "upgraded"


TOLD = frozenset(
    {Kind.new, Kind.advanced, Kind.stepped_back, Kind.again, Kind.contradicted, Kind.corrected, Kind.retracted}
)
"""The kinds that are steps and told by default; the others are kept and not told."""


class Dossier(Part):
    """One running matter as a step shows it. Its id is that of the assertion that opened it."""

    id: UUID
    family: str
    title: str = Field(description="for people: `Northland-Southland`, `EU on Westland`")
    parties: tuple[str, ...] = ()
    imposer: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    roles_stated: bool = True
    theatre: str | None = Field(default=None, description="the conflict's place for people, where it was told")
    opened: Time
    ever_reached: bool = Field(
        default=False, description="an agreement, start or measure has ever been told in it, and stands"
    )


class Past(Part):
    """A step that came before, in short."""

    id: UUID
    status: str
    reality: str
    polarity: str
    at: Time
    first_words: str = Field(default="", description="who said it, in words")


class Step(Part):
    """A dossier takes a status with its particulars, or something befalls a step that it had taken.

    `was` is the status that the dossier had before (null: none); `of` is the step that this one tells again, contradicts, corrects or
    retracts, and `stands` whether that one (or, without `of`, this one) stands after it: a claim that comes back is corrected and stands.
    `reason` is a named reason in plain words. `origins` counts independent origins so far, this article's included.
    """

    id: UUID
    dossier: Dossier
    kind: Kind
    family: str
    status: str
    reality: str
    polarity: str
    particulars: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    was: str | None = None
    was_reality: str | None = None
    of: UUID | None = None
    stands: bool = True
    reason: str
    assertion: Assertion | None = Field(default=None, description="null for what a minute or a person brings")
    origins: tuple[str, ...] = ()
    best_tier: int = Field(default=3, ge=0, le=3)
    held_back: int = Field(default=0, ge=0, description="restatements of this dossier hidden since its last told step")
    before: tuple[Past, ...] = Field(default=(), description="the dossier's last two steps, newest first")
    place: int = Field(default=0, ge=0, description="order in the text")
