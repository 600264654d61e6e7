"""Which pages a poll asks for, and what their answers mean: pure, with the time passed in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from schemas.articles import Outlet
from schemas.base import Meta
from schemas.bodies import pack
from schemas.facts import PageFetched, PollRecorded, SeenPage
from schemas.ids import page_id, trace_id
from schemas.sources import FeedEntry, Source

STILL_NEWS = timedelta(hours=1)
OLD_AFTER = timedelta(hours=24)
LOOKED_AT_FOR = timedelta(hours=48)
FIRST_LOOK = timedelta(minutes=5)
KEPT_HEADERS = ("etag", "last-modified", "content-type", "content-language", "date", "link", "x-robots-tag")
MAX_SEEN = 2_000
MAX_RECHECKS = 20
"""Pages that one poll looks at again at most: the rest waits for the next."""


class Why(StrEnum):
    """Why a page is asked for."""

    new = "new"
    changed = "changed"
    recheck = "recheck"


@dataclass(frozen=True)
class Want:
    """One page to ask for. `seen` is what is known of its address; `held` says that a first poll's page is no news."""

    entry: FeedEntry
    why: Why
    seen: SeenPage | None = None
    backfill: bool = False
    old: bool = False


@dataclass(frozen=True)
class Fetched:
    """One page as it was answered; `headers` with lower case names."""

    url: str
    final_url: str
    status: int
    headers: dict[str, str]
    raw: bytes


def entry_digest(entry: FeedEntry) -> str:
    """A digest of what the feed says of an article: another one means that the page is asked for again."""
    said = (entry.headline, entry.summary, entry.published or "", entry.updated or "")
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]


def wanted(source: Source, cursor: PollRecorded | None, entries: Iterable[FeedEntry], now: datetime) -> list[Want]:
    """The pages that this poll asks for: new entries, entries of which the feed says something else, and old acquaintances that are due."""
    known = {page.url: page for page in cursor.seen} if cursor else {}
    first = cursor is None or cursor.first_read is None
    listed = {entry.url: entry for entry in reversed(list(entries)) if entry.url.startswith(("http://", "https://"))}
    asked = [
        want
        for entry in reversed(list(listed.values()))
        if (want := _asked(entry, known.get(entry.url), first=first, now=now))
    ]
    urls = {want.entry.url for want in asked}
    due = [page for page in known.values() if page.url not in urls and is_due(page, source, now)]
    due.sort(key=lambda page: page.checked)
    again = [Want(listed.get(page.url) or FeedEntry(url=page.url), Why.recheck, page) for page in due[:MAX_RECHECKS]]
    return [*asked, *again]


def _asked(entry: FeedEntry, seen: SeenPage | None, *, first: bool, now: datetime) -> Want | None:
    published = _moment(entry.published or entry.updated)
    if seen is None:
        fresh = published is not None and published >= now - STILL_NEWS
        old = published is not None and now - published > OLD_AFTER
        return Want(entry, Why.new, backfill=first and not fresh, old=old)
    return Want(entry, Why.changed, seen) if seen.entry_sha256 not in (None, entry_digest(entry)) else None


def _moment(said: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said) if said else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def is_due(page: SeenPage, source: Source, now: datetime) -> bool:
    """Whether a page is looked at again: corrections often do not touch the feed. The pause doubles with the age and ends after two days."""
    age = now - (page.first_seen or page.checked)
    shortest = min(FIRST_LOOK, timedelta(seconds=5 * source.interval_seconds))
    return bool(page.body_sha256) and age <= LOOKED_AT_FOR and now - page.checked >= max(shortest, age / 2)


def page_of(source: Source, want: Want, fetched: Fetched, now: datetime) -> PageFetched:
    """The fact of a fetched page; its id follows from address, bytes and what stood there before."""
    digest = hashlib.sha256(fetched.raw).hexdigest()
    previous = want.seen.page if want.seen else None
    identity = page_id(fetched.final_url, digest, previous)
    return PageFetched(
        id=identity,
        meta=Meta(trace=trace_id(identity), root_at=now),
        source=source.source,
        outlet=Outlet(source=source.source, name=source.outlet, tier=source.tier, country=source.country),
        url=fetched.url,
        final_url=fetched.final_url,
        status=fetched.status,
        headers={name: fetched.headers[name][:1000] for name in KEPT_HEADERS if name in fetched.headers},
        content_type=fetched.headers.get("content-type", "")[:200],
        body=pack(fetched.raw),
        body_sha256=digest,
        previous=previous,
        entry=want.entry,
        fetched=now,
        backfill=want.backfill,
        language=source.language,
    )


def same_words(seen: SeenPage | None, fetched: Fetched) -> bool:
    """Whether the page says the same words as when it was last sent: markup, scripts and tokens change with every answer."""
    return seen is not None and seen.words_sha256 is not None and seen.words_sha256 == words_digest(fetched.raw)


_UNSPOKEN = re.compile(
    rb"<(script|style|noscript|svg|iframe)\b.{0,200000}?</\1\s*>|<!--.{0,20000}?-->", re.IGNORECASE | re.DOTALL
)
_MARKUP = re.compile(rb"<[^<>]{0,5000}>")


def words_digest(raw: bytes) -> str:
    """A digest of the words of a page without its markup and scripts."""
    words = _MARKUP.sub(b" ", _UNSPOKEN.sub(b" ", raw)).split()
    return hashlib.sha256(b" ".join(words)).hexdigest()[:32]


def seen_as(want: Want, page: PageFetched, fetched: Fetched, now: datetime) -> SeenPage:
    """What is remembered of a page that was sent."""
    return SeenPage(
        url=want.entry.url,
        page=page.id,
        body_sha256=page.body_sha256,
        etag=fetched.headers.get("etag"),
        modified=fetched.headers.get("last-modified"),
        entry_sha256=entry_digest(want.entry),
        checked=now,
        first_seen=(want.seen.first_seen if want.seen else None) or now,
        words_sha256=words_digest(fetched.raw),
    )


def seen_again(want: Want, now: datetime) -> SeenPage | None:
    """What is remembered of a page that was asked for again and said the same; None if nothing was known of it."""
    if want.seen is None:
        return None
    digest = want.seen.entry_sha256 if want.why is Why.recheck else entry_digest(want.entry)
    return want.seen.model_copy(update={"checked": now, "entry_sha256": digest})


def seen_but_left(want: Want, now: datetime) -> SeenPage:
    """What is remembered of a page that may not or cannot be taken: it is asked for again when the feed says something else."""
    before = want.seen
    return SeenPage(
        url=want.entry.url,
        page=before.page if before else page_id(want.entry.url, "", None),
        body_sha256=before.body_sha256 if before else "",
        entry_sha256=entry_digest(want.entry),
        checked=now,
        first_seen=(before.first_seen if before else None) or now,
    )


def remembered(
    cursor: PollRecorded | None, updated: Iterable[SeenPage], listed: Iterable[FeedEntry] | None, now: datetime
) -> tuple[SeenPage, ...]:
    """What the cursor keeps: pages that the feed still lists, and those that are still looked at again. `listed` None: the feed was not read."""
    pages = {page.url: page for page in cursor.seen} if cursor else {}
    pages |= {page.url: page for page in updated}
    urls = None if listed is None else {entry.url for entry in listed}
    kept = [page for page in pages.values() if urls is None or page.url in urls or _young(page, now)]
    return tuple(sorted(kept, key=lambda page: page.checked)[-MAX_SEEN:])


def _young(page: SeenPage, now: datetime) -> bool:
    return now - (page.first_seen or page.checked) <= LOOKED_AT_FOR


def counts(wants: Iterable[Want], taken: Iterable[str]) -> Iterator[tuple[str, int]]:
    """What a poll says of its new items: how many, and how many were held back as back-fill or old."""
    urls = set(taken)
    new = [want for want in wants if want.why is Why.new and want.entry.url in urls]
    yield "new_items", len(new)
    yield "held_as_backfill", sum(want.backfill for want in new)
    yield "held_as_old", sum(want.old and not want.backfill for want in new)
