"""Date words, normalised against the day of publication, with the precision that they have."""

from __future__ import annotations

import re
from datetime import date, timedelta

from schemas.assertions import DateSlot, Precision
from services.tagging.months import MONTH, MONTHS, WEEKDAYS

CLOCK = re.compile(
    r"\b(?:at |from |until |by )?(?:(\d{1,2})(?:[:.](\d\d))? ?(am|pm|a\.m\.|p\.m\.)|(\d{1,2})[:.](\d\d)|(midnight|noon))(?=\W|$)",
    re.IGNORECASE,
)
WHEN = re.compile(
    rf"\b(?:(?P<rel>today|tonight|yesterday|tomorrow)|(?:(?P<which>next|last|this|on|from|until|by|since) )?(?P<day>{'|'.join(WEEKDAYS)})"
    rf"|(?P<dom>\d{{1,2}})(?:st|nd|rd|th)? (?P<mon>{MONTH})\.?(?:,? (?P<year>(?:19|20)\d\d))?"
    rf"|(?P<mon2>{MONTH})\.? (?P<dom2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>(?:19|20)\d\d))?)\b",
    re.IGNORECASE,
)
RELATIVE = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}


def published_on(date_text: str | None) -> date | None:
    """The day of an ISO 8601 date or time, None where there is none."""
    match = re.match(r"\d{4}-\d\d-\d\d", date_text or "")
    try:
        return date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None


def date_in(text: str, published: date | None, ahead: bool) -> DateSlot | None:
    """The first date that a text gives; `ahead` says whether a bare weekday lies before or after the day of publication."""
    match = WHEN.search(text)
    if match is None or published is None:
        return None
    day = _day_of(match, published, ahead)
    if day is None:
        return None
    clock = CLOCK.search(text)
    if clock and (hour := _hour(clock)):
        return DateSlot(
            text=f"{clock[0].strip()} {match[0]}", iso=f"{day.isoformat()}T{hour}", precision=Precision.minute
        )
    return DateSlot(text=match[0], iso=day.isoformat(), precision=Precision.day)


def _hour(clock: re.Match[str]) -> str | None:
    if clock[6]:
        return "00:00" if clock[6].lower() == "midnight" else "12:00"
    hour, minute = int(clock[1] or clock[4]), int(clock[2] or clock[5] or 0)
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower().startswith("p") else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _day_of(match: re.Match[str], published: date, ahead: bool) -> date | None:
    if match["rel"]:
        return published + timedelta(days=RELATIVE[match["rel"].lower()])
    if match["day"]:
        which = (match["which"] or "").lower()
        return _weekday(
            WEEKDAYS.index(match["day"].lower()),
            published,
            ahead if which not in {"next", "last", "since"} else which == "next",
        )
    month = _month(match["mon"] or match["mon2"])
    number, year = int(match["dom"] or match["dom2"]), match["year"] or match["year2"]
    try:
        found = date(int(year) if year else published.year, month, number)
    except ValueError:
        return None
    if not year and (found - published).days > 200:
        return found.replace(year=found.year - 1)
    return found.replace(year=found.year + 1) if not year and (published - found).days > 300 and ahead else found


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _weekday(weekday: int, published: date, ahead: bool) -> date:
    if ahead:
        return published + timedelta(days=(weekday - published.weekday()) % 7)
    return published - timedelta(days=(published.weekday() - weekday) % 7)
