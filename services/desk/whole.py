"""The state of the whole in plain words: what a reader must know before an empty queue means anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from schemas.facts import PollRecorded
from schemas.sources import Source
from services.desk.views import clock, seconds_in_words

WELL = "All well"
LATE = timedelta(minutes=1)
CLOCK_STOPPED = timedelta(minutes=3)


@dataclass(frozen=True)
class SourceState:
    """A source with its last poll; `trouble` says in words what is wrong, empty when all is well."""

    source: Source
    poll: PollRecorded | None
    trouble: str


def trouble(source: Source, poll: PollRecorded | None, now: datetime) -> str:
    """What is wrong with a source, in words; empty when all is well."""
    if source.paused:
        return "paused"
    if poll is None:
        return "not polled yet"
    if poll.error:
        return f"failing: {poll.error}"
    late = now - poll.next_poll
    if late > timedelta(seconds=2 * source.interval_seconds + 60):
        return f"not polled for {seconds_in_words(now - poll.at)}"
    silent = now - (poll.last_new_item or poll.at)
    if source.silent_after_seconds and silent > timedelta(seconds=source.silent_after_seconds):
        return f"silent for {seconds_in_words(silent)}"
    return ""


def whole_in_words(states: list[SourceState], minute: datetime | None, now: datetime) -> str:
    """`All well`, or the worst of what limits what the queue means."""
    polled = [state.poll for state in states if state.poll and not state.source.paused]
    if not states:
        return "No source is configured: nothing can arrive"
    if minute is None or now - minute > CLOCK_STOPPED:
        since = f" since {clock(minute, now)}" if minute else ""
        return f"The clock stands still{since}: terms that pass are not noticed"
    overdue = median([(now - poll.next_poll).total_seconds() for poll in polled]) if polled else 0
    if overdue > LATE.total_seconds():
        return f"Scraping slow: alerts may be {seconds_in_words(timedelta(seconds=overdue))} late"
    return WELL
