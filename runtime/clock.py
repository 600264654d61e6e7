"""The wall clock of every service, in one place, so that it can be set to another day."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache

OFFSET = "COPYTASTER_CLOCK_OFFSET_SECONDS"


class BadOffset(ValueError):  # noqa: N818 - says what the setting is
    """The offset is no number of seconds."""


@lru_cache(maxsize=4)
def _offset(said: str) -> timedelta:
    try:
        return timedelta(seconds=float(said))
    except (ValueError, OverflowError) as error:
        raise BadOffset(
            f"{OFFSET}={said!r} is no number of seconds; write for instance -3600, or leave it out"
        ) from error


def now() -> datetime:
    """The time in UTC, moved by COPYTASTER_CLOCK_OFFSET_SECONDS. Raises `BadOffset`."""
    return datetime.now(UTC) + _offset(os.environ.get(OFFSET) or "0")


def offset_to(moment: datetime) -> float:
    """The offset in seconds that would make it `moment` (aware) now."""
    return (moment - datetime.now(UTC)).total_seconds()
