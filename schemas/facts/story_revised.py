"""Two stories turned out to be one, or one to be two."""

from uuid import UUID

from pydantic import Field

from schemas.base import Fact


class StoryRevised(Fact):
    """`story` now stands for `versions`, which stood under `instead_of` before."""

    story: UUID
    instead_of: UUID
    versions: tuple[UUID, ...] = Field(default=(), description="empty: all of them")
    reason: str
