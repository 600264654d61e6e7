"""The names of days and months, long and short: the one place where they stand."""

from __future__ import annotations

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = tuple(
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
SHORT_MONTHS = ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec")
MONTH = "|".join([*MONTHS, *SHORT_MONTHS])
"""Every name of a month, the long ones first, as a pattern."""
CALENDAR = frozenset([*WEEKDAYS, *(day[:3] for day in WEEKDAYS), *MONTHS, *SHORT_MONTHS])
"""Every name of a day or a month."""
