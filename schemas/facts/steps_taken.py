"""What the dossiers did for one message of the inbox: also when that is nothing."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from schemas.articles import Head
from schemas.assertions import Assertion
from schemas.base import Fact, Part, Time
from schemas.entities import Entity
from schemas.steps import Step


class Aside(Part):
    """An assertion that made no step, with the named reason."""

    assertion: UUID
    dossier: UUID | None = None
    step: UUID | None = Field(default=None, description="the step that it tells in other words, if any")
    reason: str


class DossierChanged(Part):
    """What `evolve` must know beyond the steps: roles made better, a merge, a split, a term that was set."""

    dossier: UUID
    change: str = Field(
        description="opened, heard, roles, background, term, unsupported, put_away, merged, unmerged, split, retracted"
    )
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    reason: str


class StepsTaken(Fact):
    """One message's steps with all that a rule can ask, and what was not told, with its kind.

    Every message of tracking's inbox leaves exactly one. `evolve` folds it, so it holds all that state needs:
    `assertions` are those of the version, kept to find what a later version lost.
    """

    head: Head | None = Field(default=None, description="null for a minute or an act")
    at: Time = Field(description="the log's time of the message")
    steps: tuple[Step, ...] = ()
    asides: tuple[Aside, ...] = ()
    changes: tuple[DossierChanged, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    entities: tuple[Entity, ...] = ()
    embargoed_until: Time | None = None
    reason: str = Field(description="why it ended as it did, one named reason")
