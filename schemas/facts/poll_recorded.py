"""A source was polled: what came, what was held back, when it is polled next."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from schemas.base import Fact, Part, Time


class SeenPage(Part):
    """The last page of one URL."""

    url: str
    page: UUID
    body_sha256: str
    etag: str | None = None
    modified: str | None = None
    entry_sha256: str | None = Field(
        default=None, description="of what the feed said: unchanged means not fetched again"
    )
    checked: Time
    first_seen: Time | None = Field(
        default=None, description="when this address was first fetched: looked at again ever more rarely"
    )
    words_sha256: str | None = Field(
        default=None, description="of the words alone: a page whose words stand is not sent again"
    )


class PollRecorded(Fact):
    """The cursor of a source, written after its pages are acknowledged. Compacted by source."""

    source: str
    outlet: str
    at: Time
    next_poll: Time
    status: int | None = Field(default=None, description="of the feed's answer; null if none came")
    error: str | None = Field(default=None, description="in words, null when all went well")
    failures_in_a_row: int = 0
    etag: str | None = None
    modified: str | None = None
    polls: int = 1
    items_in_feed: int = 0
    new_items: int = 0
    held_as_backfill: int = 0
    held_as_old: int = 0
    items_total: int = 0
    last_new_item: Time | None = None
    backfill_total: int = Field(default=0, description="of all polls, as `items_total`")
    old_total: int = 0
    first_read: Time | None = Field(
        default=None, description="when the feed was first read: what it held then is back-fill"
    )
    moved_to: str | None = Field(default=None, description="where the feed has moved for good, as its answer says")
    seen: tuple[SeenPage, ...] = ()
