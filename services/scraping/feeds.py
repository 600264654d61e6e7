"""A feed's bytes to its entries: RSS, Atom and RDF by feedparser, JSON Feed by its keys."""

from __future__ import annotations

import calendar
import html
import io
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import urljoin

import feedparser

from schemas.sources import FeedEntry

MAX_ENTRIES = 2_000
MAX_WORDS = 5_000
"""Characters kept of a headline or a summary."""
_TAG = re.compile(
    r"<(script|style)\b.{0,20000}?</\1\s*>|<!--.{0,2000}?(?:-->|$)|<[^<>]{1,2000}>", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Feed:
    """A feed as it was answered; `hub` is where its changes could be subscribed to."""

    title: str
    entries: tuple[FeedEntry, ...]
    hub: str | None = None


class NotAFeed(ValueError):  # noqa: N818 - says what the bytes are
    """Bytes that are no feed; the text says what they look like."""


def read_feed(raw: bytes, content_type: str, url: str) -> Feed:
    """The feed in these bytes, at most its first 2,000 entries. Raises `NotAFeed`."""
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(raw, url)
    found = _parsed(raw, content_type, url)
    if not found.get("version") and not found.entries:
        raise NotAFeed(
            f"the answer is no feed but {content_type.split(';', maxsplit=1)[0] or 'something without media type'}; give the address of a feed"
        )
    entries = tuple(_entry(entry, url) for entry in found.entries[:MAX_ENTRIES])
    return Feed(plain(found.feed.get("title", "")), entries, _link(found.feed.get("links", []), "hub"))


def _parsed(raw: bytes, content_type: str, url: str) -> Any:
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return feedparser.parse(io.BytesIO(raw), response_headers=headers, sanitize_html=False)
        except (ValueError, KeyError, AttributeError, TypeError, AssertionError, RecursionError, IndexError) as error:
            raise NotAFeed(f"the feed cannot be read ({type(error).__name__}: {str(error)[:100]})") from error


def _entry(entry: Any, base: str) -> FeedEntry:
    return FeedEntry(
        guid=_text(entry.get("id")) or None,
        url=_absolute(base, _text(entry.get("link")) or _link(entry.get("links", []), "alternate") or ""),
        headline=plain(entry.get("title", "")),
        summary=plain(entry.get("summary", "")),
        published=_moment(entry.get("published_parsed")),
        updated=_moment(entry.get("updated_parsed") if "updated_parsed" in entry.keys() else None),  # noqa: SIM118 - `in` alone maps old names
        authors=tuple(_authors(entry.get("authors", []))),
    )


def plain(said: Any) -> str:
    """Words without markup on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", html.unescape(_text(said)))).split())[:MAX_WORDS]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return link


def _link(links: Iterable[Any], rel: str) -> str | None:
    return next(
        (_text(link.get("href")) for link in links if link.get("rel", "alternate") == rel and link.get("href")), None
    )


def _moment(parsed: struct_time | None) -> str | None:
    """ISO 8601 in UTC of feedparser's time, which is in UTC already."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat() if parsed else None
    except (ValueError, OverflowError, OSError):
        return None


def _authors(authors: Iterable[Any]) -> Iterator[str]:
    for author in list(authors)[:20]:
        if name := plain(author.get("name", "") if isinstance(author, dict) else author):
            yield name


def _json_feed(raw: bytes, url: str) -> Feed:
    try:
        body = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotAFeed("the answer begins as JSON and breaks off; a JSON Feed is an object with `items`") from error
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("the answer is JSON without `items`, so no JSON Feed")
    entries = tuple(_json_entry(item, url) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    hubs = body.get("hubs") or []
    hub = hubs[0].get("url") if isinstance(hubs, list) and hubs and isinstance(hubs[0], dict) else None
    return Feed(plain(body.get("title")), entries, _text(hub) or None)


def _json_entry(item: dict[str, Any], base: str) -> FeedEntry:
    given = item.get("authors") or item.get("author") or []
    return FeedEntry(
        guid=str(item["id"])[:1000] if item.get("id") else None,
        url=_absolute(base, _text(item.get("url")) or _text(item.get("external_url"))),
        headline=plain(item.get("title")),
        summary=plain(item.get("summary") or item.get("content_text")),
        published=_text(item.get("date_published")) or None,
        updated=_text(item.get("date_modified")) or None,
        authors=tuple(_authors(given if isinstance(given, list) else [given])),
    )
