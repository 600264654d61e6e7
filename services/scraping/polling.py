"""When a source is polled next, given how its last poll went: pure, with the time passed in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from schemas.facts import PollRecorded
from schemas.sources import Source

JITTER = 0.1
LONGEST_BACK_OFF = timedelta(hours=6)
LONGEST_RETRY_AFTER = timedelta(days=2)
STOPPED = timedelta(days=3650)
GONE = 410


class PollEnd(StrEnum):
    """How a poll ended; the values of the metric's label."""

    changed = "changed"
    unchanged = "unchanged"
    failed = "failed"
    refused = "refused"
    invalid = "invalid"


@dataclass(frozen=True)
class FeedAnswer:
    """What asking for the feed gave. `error` is in words; `retry_after` as the header has it; `moved_to` where it moved for good."""

    end: PollEnd
    status: int | None = None
    error: str | None = None
    retry_after: str | None = None
    etag: str | None = None
    modified: str | None = None
    moved_to: str | None = None

    @property
    def well(self) -> bool:
        """Whether the feed answered as it should."""
        return self.end in (PollEnd.changed, PollEnd.unchanged)


def answered(status: int, retry_after: str | None = None, **more: str | None) -> FeedAnswer:
    """The answer of a feed that came with this status and was read, if there was anything to read."""
    if status == 304:
        return FeedAnswer(PollEnd.unchanged, status, **more)
    if 200 <= status < 300:
        return FeedAnswer(PollEnd.changed, status, **more)
    refused = status in (401, 403, 407, 429, 451, GONE)
    return FeedAnswer(PollEnd.refused if refused else PollEnd.failed, status, _in_words(status), retry_after, **more)


def _in_words(status: int) -> str:
    known = {
        401: "the feed asks for a sign-in",
        403: "the publisher refuses us the feed",
        404: "there is nothing at the feed's address",
        GONE: "the feed is gone for good and is not polled any more: give its new address with `copytaster sources add`",
        429: "the publisher asks us to poll less often: raise the source's interval",
        503: "the publisher is out of service for now",
    }
    return f"{known.get(status, 'the publisher answers with an error')} (status {status})"


def next_poll(source: Source, answer: FeedAnswer, failures: int, polls: int, now: datetime) -> datetime:
    """When the source is due again.

    The interval, doubled for each failure in a row up to six hours, a tenth more or less by a share that follows from the source and
    the count of its polls, and not before what `Retry-After` asks. An address that answers 410 is not asked again.
    """
    if answer.status == GONE:
        return now + STOPPED
    interval = timedelta(seconds=source.interval_seconds)
    if failures:
        interval = max(interval, min(interval * 2 ** min(failures, 20), LONGEST_BACK_OFF))
    due = now + interval * (1 + JITTER * (2 * _share(source.source, polls) - 1))
    return max(due, now + (_asked(answer.retry_after, now) or timedelta(0)))


def _share(source: str, polls: int) -> float:
    """A number from 0 to 1 that is the same for the same poll of the same source."""
    return int.from_bytes(hashlib.sha256(f"{source}/{polls}".encode()).digest()[:4], "big") / 0xFFFFFFFF


def _asked(retry_after: str | None, now: datetime) -> timedelta | None:
    """What a `Retry-After` asks for, at most two days: seconds or a date."""
    said = (retry_after or "").strip()
    try:
        wait = timedelta(seconds=int(said)) if said.isdigit() else parsedate_to_datetime(said) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def failures_after(cursor: PollRecorded | None, answer: FeedAnswer) -> int:
    """Failures in a row, this poll included."""
    return 0 if answer.well else (cursor.failures_in_a_row if cursor else 0) + 1


def is_stopped(cursor: PollRecorded | None) -> bool:
    """Whether the last poll said that there is nothing to poll any more."""
    return cursor is not None and cursor.status == GONE
