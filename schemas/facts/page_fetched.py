"""A page was fetched: the raw bytes, from which everything after can be rebuilt."""

from uuid import UUID

from pydantic import Field

from schemas.articles import Outlet
from schemas.base import Fact, Time
from schemas.sources import FeedEntry


class PageFetched(Fact):
    """`id` is the page's id. `body` is zstd over the raw bytes, base64 (at most 5 MB raw)."""

    source: str
    outlet: Outlet
    url: str = Field(description="as asked for")
    final_url: str = Field(description="after redirects")
    status: int
    headers: dict[str, str] = Field(default_factory=dict, description="those that matter later, lower case names")
    content_type: str = ""
    body: str
    body_sha256: str
    previous: UUID | None = None
    entry: FeedEntry | None = None
    fetched: Time
    backfill: bool = False
    language: str | None = Field(default=None, description="of the source, as configured")
