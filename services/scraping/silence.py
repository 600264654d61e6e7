"""Whether a source has been silent for longer than is usual: silence told from deafness."""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.facts import PollRecorded
from schemas.sources import Source

FAILURES = 3
TIMES_USUAL = 6
SHORTEST = timedelta(hours=3)


def silent_after(source: Source) -> timedelta | None:
    """The silence that is reported: as configured, else six times the usual pause between items; None if neither is known."""
    if source.silent_after_seconds is not None:
        return timedelta(seconds=source.silent_after_seconds)
    if source.expected_per_day:
        return max(SHORTEST, TIMES_USUAL * timedelta(days=1) / source.expected_per_day)
    return None


def is_silent(source: Source, cursor: PollRecorded | None, now: datetime) -> bool:
    """Whether three polls in a row failed, or nothing new came for too long."""
    if source.paused or source.removed or cursor is None:
        return False
    if cursor.failures_in_a_row >= FAILURES:
        return True
    limit, last = silent_after(source), cursor.last_new_item or cursor.first_read
    return limit is not None and last is not None and now - last > limit
