"""Deduplication remembers one version: the fold of these is its whole state."""

from uuid import UUID

from pydantic import Field

from schemas.articles import CopyDecision, Sketch
from schemas.base import Fact, Time


class SketchKept(Fact):
    """One small fact a version, at most 400 bytes of sketch."""

    article: UUID
    version: UUID
    decision: CopyDecision
    of: UUID | None = None
    origin: str
    story: UUID
    seen: Time
    sketch: Sketch
    outlet: str = ""
    merged: UUID | None = Field(default=None, description="the story that turned out to be one with `story`")
    moved: tuple[UUID, ...] = Field(default=(), description="earlier versions of this article that are now of `story`")
