"""When an article was published and updated, as the page, its tags or the feed say it; what cannot be is dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from htmldate import find_date

from schemas.sources import FeedEntry
from services.extraction.linked_data import LinkedData
from services.extraction.markup import Element
from services.extraction.meta_tags import first

OLDEST = date(1990, 1, 1)
AHEAD = timedelta(hours=26)
"""How far in the future a stamp may lie: a wrong zone, not a wrong day."""
OLD_AFTER = timedelta(hours=24)

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "publishdate",
    "article.published", "published_at", "publication_date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created",
    "dcterms.issued", "dc.date", "date", "pubdate", "rnews:datepublished", "article:published", "ptime", "og:published_time",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "lastmod", "article.updated",
    "dcterms.modified", "last-modified", "article:modified",
)  # fmt: skip
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Stamp:
    """A moment in UTC; `day_only` when no hour was given, so that it is the day's first moment."""

    at: datetime
    day_only: bool = False


@dataclass(frozen=True)
class Times:
    """Published and updated, each where it could be told."""

    published: Stamp | None = None
    updated: Stamp | None = None


def stamp_of(said: str) -> Stamp | None:
    """The moment that a text states in ISO 8601, RFC 5322 or seconds since 1970; a moment without zone is read as UTC."""
    said = said.strip()[:80]
    if found := _ISO.match(said):
        return _iso(found)
    try:
        if re.fullmatch(r"\d{10}|\d{13}", said):
            return Stamp(datetime.fromtimestamp(int(said[:10]), UTC))
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return Stamp(moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC))


def _iso(found: re.Match[str]) -> Stamp | None:
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), min(int(second or 0), 59), tzinfo=UTC
        )
        return Stamp(moment - _offset(zone or ""), day_only=hour is None)
    except (ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta:
    if not zone.startswith(("+", "-")):
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if zone.startswith("-") else size


def times_of(
    root: Element, tags: dict[str, list[str]], data: LinkedData, entry: FeedEntry | None, url: str, fetched: datetime
) -> Times:
    """Published and updated, from the surest place that gives a plausible one: JSON-LD, tags, the feed, then the visible page."""

    def plausible(texts: list[str]) -> Stamp | None:
        stamps = (stamp_of(text) for text in texts if text)
        return next((s for s in stamps if s and s.at.date() >= OLDEST and s.at <= fetched + AHEAD), None)

    in_head = [data.published, *_each(tags, _PUBLISHED), *_time_elements(root)]
    published = plausible(in_head)
    by_feed = plausible([entry.published or ""] if entry else [])
    if published is None or (published.day_only and by_feed):
        published = by_feed or published
    published = published or plausible([_seen_on(root, url, fetched)])
    updated = plausible([data.updated, *_each(tags, _UPDATED), (entry.updated or "") if entry else ""])
    return Times(published, updated if updated and published and updated.at > published.at else None)


def _each(tags: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [first(tags, name) for name in names if name in tags]


def _time_elements(root: Element) -> list[str]:
    marked = root.xpath(
        "//*[@itemprop='datePublished']/@content | //*[@itemprop='datePublished']/@datetime | //time[@pubdate]/@datetime"
        " | (//article//time/@datetime | //header//time/@datetime)[1]"
    )
    return [str(said) for said in marked[:5]]


def _seen_on(root: Element, url: str, fetched: datetime) -> str:
    """The day that htmldate reads off the address or the visible page, as ISO 8601, or an empty text."""
    return (
        find_date(root, url=url, original_date=True, extensive_search=False, max_date=fetched.date().isoformat()) or ""
    )


def is_old(published: Stamp | None, fetched: datetime) -> bool:
    """Whether the article was published more than 24 hours before it was fetched; a bare day counts to its end."""
    if published is None:
        return False
    return fetched - (published.at + (timedelta(hours=24) if published.day_only else timedelta(0))) > OLD_AFTER
