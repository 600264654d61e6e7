"""The ground of every fact: a frozen model with an id, a cause and the times that travel along."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

FACT_FIELD = "fact"
VERSION_FIELD = "v"


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment with a zone, kept in UTC."""


class Part(BaseModel):
    """A value inside a fact: frozen, and blind to fields that a newer writer added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Position(Part):
    """Where a message stands in the log."""

    topic: str
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)


class Meta(Part):
    """What travels along with every fact.

    `cause` and `source` are the id and the place of the message that this fact answers (a root has none); `trace` is one id for
    everything that follows from a root; `root_at` is when the root came in (UTC), so that latency is one histogram;
    `late` marks what was replayed from a dead letter: it never alerts as new.
    """

    cause: UUID | None = None
    source: Position | None = None
    trace: str = Field(min_length=1, max_length=64)
    root_at: Time
    late: bool = False


class Fact(Part):
    """One thing that happened, said once. Two facts with one id are the same fact: the first counts."""

    VERSION: ClassVar[int] = 1

    id: UUID
    meta: Meta

    @classmethod
    def name(cls) -> str:
        """The fact's name as it stands in every message."""
        return cls.__name__


def answering(fact: Fact, source: Position | None) -> Meta:
    """The meta of an output that answers `fact`, which was read at `source`."""
    return fact.meta.model_copy(update={"cause": fact.id, "source": source})
