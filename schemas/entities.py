"""Names in a text, with the bounds that prove them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.base import Part


class EntityType(StrEnum):
    person = "person"
    organisation = "organisation"
    place = "place"
    group = "group"
    vessel = "vessel"
    programme = "programme"
    weapon = "weapon"
    other = "other"


class TextField(StrEnum):
    headline = "headline"
    text = "text"


class Salience(StrEnum):
    about = "about"
    mention = "mention"


class Candidate(Part):
    """Another thing that the name may mean, and why it may."""

    id: str
    name: str
    type: EntityType
    country: str | None = None
    reason: str


class Entity(Part):
    """One mention. `start` and `end` count Unicode characters in `field`, end exclusive."""

    text: str
    field: TextField
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    type: EntityType
    id: str | None = Field(
        default=None, description="the house's stable id, as `country/ru` or `person/…`; null if no list has it"
    )
    name: str | None = Field(default=None, description="the full name, where the mention is short or an alias")
    wikidata: str | None = Field(default=None, pattern=r"^Q[1-9]\d*$", description="only where looked up")
    country: str | None = Field(default=None, description="ISO 3166 alpha-2")
    salience: Salience = Salience.mention
    role: str | None = Field(
        default=None, description="its role in an assertion: party, imposer, target, speaker, mediator"
    )
    candidates: tuple[Candidate, ...] = ()
