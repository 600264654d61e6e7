"""The state of the whole in plain words: what a reader must know before an empty queue means anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from schemas.facts import PollRecorded
from schemas.sources import Source
from services.desk.views import clock, seconds_in_words

NONE: Mapping[str, float] = {}
WELL = "All well"
LATE = timedelta(minutes=1)
CLOCK_STOPPED = timedelta(minutes=3)
DOWN = -1.0
"""What stands for a service that does not answer."""
_WAITS = re.compile(r"^copytaster_oldest_unread_seconds\{[^}]*\} ([0-9.e+]+)$", re.MULTILINE)
DOES = {
    "scraping": "Scraping", "extraction": "Reading pages", "deduplication": "Finding copies", "tagging": "Tagging",
    "tracking": "Tracking", "alerting": "Alerting", "delivery": "Delivery",
}  # fmt: skip


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


def oldest_unread(metrics: str) -> float:
    """For how many seconds the oldest message of a service waits, as its metrics page says."""
    return max((float(found) for found in _WAITS.findall(metrics)), default=0.0)


def _slow(waits: Mapping[str, float]) -> str:
    """The service that is worst off, in words; empty where all keep up. What it waits is what an alert is late."""
    if down := [name for name, wait in waits.items() if wait == DOWN]:
        name = DOES.get(down[0], down[0].capitalize())
        more = f" and {len(down) - 1} more" if len(down) > 1 else ""
        return f"{name} does not answer{more}: alerts may stand still"
    name, wait = max(waits.items(), key=lambda each: each[1], default=("", 0.0))
    if wait <= LATE.total_seconds():
        return ""
    return f"{DOES.get(name, name.capitalize())} slow: alerts may be {seconds_in_words(timedelta(seconds=wait))} late"


def whole_in_words(
    states: list[SourceState], minute: datetime | None, now: datetime, waits: Mapping[str, float] = NONE
) -> str:
    """`All well`, or the worst of what limits what the queue means; `waits` is what the services' metrics say."""
    polled = [state.poll for state in states if state.poll and not state.source.paused]
    if not states:
        return "No source is configured: nothing can arrive"
    if minute is None or now - minute > CLOCK_STOPPED:
        since = f" since {clock(minute, now)}" if minute else ""
        return f"The clock stands still{since}: terms that pass are not noticed"
    if slow := _slow(waits):
        return slow
    overdue = median([(now - poll.next_poll).total_seconds() for poll in polled]) if polled else 0
    if overdue > LATE.total_seconds():
        return f"Scraping slow: alerts may be {seconds_in_words(timedelta(seconds=overdue))} late"
    return WELL
