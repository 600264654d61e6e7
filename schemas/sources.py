"""A source as the operator configured it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.base import Part


class SourceKind(StrEnum):
    feed = "feed"
    page = "page"


class Source(Part):
    """One feed (or one page) that is polled."""

    source: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    url: str
    kind: SourceKind = SourceKind.feed
    outlet: str
    tier: int = Field(default=2, ge=0, le=3)
    country: str | None = None
    language: str | None = None
    interval_seconds: float = Field(default=300, gt=0)
    expected_per_day: float | None = Field(default=None, ge=0, description="items a day as the operator expects")
    silent_after_seconds: float | None = Field(
        default=None, gt=0, description="silence longer than this is reported; null: from the volume"
    )
    internal: bool = Field(default=False, description="the operator allows an internal address for this source")
    paused: bool = False
    removed: bool = False


class FeedEntry(Part):
    """What the feed said of an article."""

    guid: str | None = None
    url: str
    headline: str = ""
    summary: str = ""
    published: str | None = Field(default=None, description="ISO 8601 where it could be read")
    updated: str | None = None
    authors: tuple[str, ...] = ()
