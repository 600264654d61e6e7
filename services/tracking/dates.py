"""Lengths and moments that a text gives, as numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from schemas.assertions import DateSlot

_UNITS = {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "month": 43200, "year": 525600}
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBERS = {word: number for number, word in enumerate(_WORDS, 1)} | {
    "a": 1,
    "an": 1,
    "thirty": 30,
    "sixty": 60,
    "ninety": 90,
}
_LENGTH = re.compile(rf"(\d+|{'|'.join(_NUMBERS)})[\s-]+({'|'.join(_UNITS)})s?\b", re.IGNORECASE)
_ISO_LENGTH = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$")
_ISO_UNITS = ("year", "month", "week", "day", "hour", "minute")


def length_of(duration: str) -> timedelta | None:
    """The length that words like `30 days`, `72-hour` or `P30D` give; None where they give none."""
    if found := _LENGTH.search(duration):
        number = found[1].lower()
        return timedelta(minutes=int(_NUMBERS.get(number) or number) * _UNITS[found[2].lower()])
    if iso := _ISO_LENGTH.match(duration):
        return (
            timedelta(minutes=sum(int(n or 0) * _UNITS[unit] for n, unit in zip(iso.groups(), _ISO_UNITS, strict=True)))
            or None
        )
    return None


def moment_of(slot: DateSlot | None, *, end: bool) -> datetime | None:
    """The moment that a date slot names; a day alone begins at its first minute, or ends with its last."""
    if slot is None or slot.precision not in ("minute", "hour", "day"):
        return None
    try:
        moment = datetime.fromisoformat(slot.iso)
    except ValueError:
        return None
    whole_day = "T" not in slot.iso
    if whole_day and end:
        moment = datetime.combine(moment.date(), time()) + timedelta(days=1)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
