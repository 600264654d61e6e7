"""The minute that a moment lies in, and the fact that it has passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from runtime.handling import Output
from schemas import ids
from schemas.base import Meta
from schemas.facts import MinutePassed

MINUTE = timedelta(minutes=1)
INBOXES = ("tracking-inbox", "alerting-inbox")


def minute_of(moment: datetime) -> datetime:
    """The minute that a moment (aware) lies in, in UTC."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def seconds_left(moment: datetime) -> float:
    """Seconds from a moment to the next minute; never 0."""
    return (minute_of(moment) + MINUTE - moment).total_seconds()


def minute_passed(minute: datetime) -> MinutePassed:
    """The fact of one minute; the same for the same minute."""
    minute_id = ids.minute_id(minute.isoformat(timespec="minutes"))
    return MinutePassed(id=minute_id, meta=Meta(trace=ids.trace_id(minute_id), root_at=minute), minute=minute)


def outputs_at(moment: datetime) -> tuple[Output, ...]:
    """What the clock writes in the minute of this moment."""
    fact = minute_passed(minute_of(moment))
    return tuple(Output(inbox, str(fact.id), fact) for inbox in INBOXES)
