"""An article as the services see it, and what deduplication decided of it."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.base import Part, Time


class Outlet(Part):
    """Who published, as the operator configured the source."""

    source: str = Field(description="id of the source that it came by")
    name: str = Field(description="the outlet's name for people; may be empty")
    tier: int = Field(
        ge=0, le=3, description="0 legal texts and lists, 1 agencies and parties, 2 outlets, 3 channels and aggregators"
    )
    country: str | None = Field(default=None, description="ISO 3166 alpha-2 of the publisher; never the event's place")


class Sketch(Part):
    """The text in small: what finding copies needs. At most 400 bytes in JSON."""

    words: int = Field(ge=0, description="words of the text")
    minhash: str = Field(description="the lowest hashes of its runs of words, base64; their form is `kind`")
    terms: str = Field(default="", description="what it is about: hashes and weights of its most telling words, base64")
    kind: str = Field(default="frac-1", description="which sketch it is: readers refuse kinds that they do not know")


class Credit(Part):
    """Whom the text names as its author: the agency, and the words that say so."""

    agency: str | None = None
    by: str | None = Field(default=None, description="credit line, dateline or byline: which of them named it")


class Article(Part):
    """One version of one article: what a page says when read."""

    article: UUID
    version: UUID
    page: UUID
    previous_page: UUID | None = Field(default=None, description="the page that this URL answered before, if any")
    url: str
    canonical_url: str
    outlet: Outlet
    headline: str
    text: str
    authors: tuple[str, ...] = ()
    published: Time | None = None
    updated: Time | None = None
    fetched: Time
    language: str | None = Field(default=None, description="ISO 639-1, null if it could not be told")
    dateline: str | None = None
    credit: Credit = Credit()
    names: tuple[str, ...] = Field(default=(), description="capitalised names of headline and text, for stories")
    backfill: bool = Field(default=False, description="came with the first poll of its source and is no news")
    old: bool = Field(default=False, description="published over 24 hours before it was fetched: never news")

    @property
    def reference_time(self) -> Time:
        """The time that "yesterday" and "Monday" in the text are counted from: published, else first seen."""
        return self.published or self.fetched


class CopyDecision(StrEnum):
    original = "original"
    copy = "copy"
    revision = "revision"


class Copying(Part):
    """What deduplication decided of one version, with its reason."""

    decision: CopyDecision
    of: UUID | None = Field(default=None, description="the version that it copies or revises")
    similarity: float = Field(ge=0, le=1)
    origin: str = Field(description="agency or outlet that the text comes from; independent origins are counted by it")
    story: UUID = Field(description="articles about the same happening share it")
    reason: str = Field(description="a named reason: what decided")
    differs: tuple[str, ...] = Field(default=(), description="what differs from `of`, in words")


class Head(Part):
    """An article without its text: what the desk lists and an alert shows."""

    article: UUID
    version: UUID
    url: str
    outlet: Outlet
    headline: str
    language: str | None = None
    published: Time | None = None
    updated: Time | None = None
    fetched: Time
    backfill: bool = False
    old: bool = False
    copying: Copying | None = None
    previous_page: UUID | None = None


def head_of(article: Article, copying: Copying | None = None) -> Head:
    """The head of an article, with what deduplication said of it."""
    names = Head.model_fields.keys() - {"copying"}
    return Head(copying=copying, **{name: getattr(article, name) for name in names})
