"""The cursor of a source after a poll: pure, with the time passed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from schemas.base import Meta
from schemas.facts import MessageSuppressed, PollRecorded, SeenPage
from schemas.ids import derive, trace_id
from schemas.outcomes import Outcome
from schemas.sources import FeedEntry, Source
from services.scraping.choosing import Want, counts, remembered
from services.scraping.polling import FeedAnswer, failures_after, next_poll


@dataclass
class Poll:
    """What one poll came to. `listed` is None where the feed was not read; `taken` are the addresses whose pages were sent."""

    answer: FeedAnswer
    listed: Sequence[FeedEntry] | None = None
    wants: Sequence[Want] = ()
    updated: list[SeenPage] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)


def recorded(source: Source, cursor: PollRecorded | None, poll: Poll, now: datetime) -> PollRecorded:
    """The cursor after this poll; validators and counts of a feed that could not be read stay as they were."""
    polls = (cursor.polls if cursor else 0) + 1
    failures = failures_after(cursor, poll.answer)
    counted = dict(counts(poll.wants, poll.taken))
    new = counted["new_items"]
    identity = derive("PollRecorded", source.source, polls, now.isoformat())
    return PollRecorded(
        id=identity,
        meta=Meta(trace=trace_id(identity), root_at=now),
        source=source.source,
        outlet=source.outlet,
        at=now,
        next_poll=next_poll(source, poll.answer, failures, polls, now),
        status=poll.answer.status,
        error=poll.answer.error,
        failures_in_a_row=failures,
        **_validators(cursor, poll),
        polls=polls,
        items_in_feed=len(poll.listed) if poll.listed is not None else (cursor.items_in_feed if cursor else 0),
        **counted,
        items_total=(cursor.items_total if cursor else 0) + new,
        backfill_total=(cursor.backfill_total if cursor else 0) + counted["held_as_backfill"],
        old_total=(cursor.old_total if cursor else 0) + counted["held_as_old"],
        last_new_item=now if new else (cursor.last_new_item if cursor else None),
        first_read=(cursor.first_read if cursor else None) or (now if poll.answer.well else None),
        moved_to=poll.answer.moved_to or (cursor.moved_to if cursor and not poll.answer.well else None),
        seen=remembered(cursor, poll.updated, poll.listed, now),
    )


def _validators(cursor: PollRecorded | None, poll: Poll) -> dict[str, str | None]:
    """ETag and Last-Modified for the next poll: only once every page that the feed told of was taken or given up."""
    answer = poll.answer
    known = {page.url for page in poll.updated} | {page.url for page in (cursor.seen if cursor else ())}
    if poll.listed is not None and all(want.entry.url in known for want in poll.wants):
        return {"etag": answer.etag, "modified": answer.modified}
    if poll.listed is not None:
        return {"etag": None, "modified": None}
    return {"etag": cursor.etag if cursor else None, "modified": cursor.modified if cursor else None}


def worth_writing(before: PollRecorded | None, after: PollRecorded, written: datetime | None, pause: timedelta) -> bool:
    """Whether the cursor goes into the log now: it tells something new, or the last one there is older than `pause`."""
    if before is None or written is None or after.at - written >= pause:
        return True
    told = ("error", "failures_in_a_row", "items_total", "moved_to", "first_read")
    return any(getattr(before, name) != getattr(after, name) for name in told) or _pages(before) != _pages(after)


def _pages(cursor: PollRecorded) -> set[tuple[object, ...]]:
    return {(page.url, page.page, page.entry_sha256) for page in cursor.seen}


def left_out(source: Source, want: Want, outcome: Outcome, detail: str, now: datetime) -> MessageSuppressed:
    """The fact that says why a page was not taken."""
    url = want.entry.url
    identity = derive(
        "MessageSuppressed", "scraping", source.source, url, outcome, want.entry.updated or want.entry.published
    )
    return MessageSuppressed(
        id=identity,
        meta=Meta(trace=trace_id(identity), root_at=now),
        service="scraping",
        outcome=outcome.value,
        about=url[:500],
        url=url,
        detail=detail[:500],
        at=now,
    )
