"""Whom a text names as its author: the agency in dateline, credit line or byline; and the dateline's place."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from schemas.articles import Credit

_DASH = r"[-–—―]{1,2}"
_PLACE = r"[^\W\d_a-z][^\W\d_]*(?:[ '’./-]{1,2}[^\W\d_]+){0,3}"
_REGION = r"(?:,\s*[^\W\d_a-z][\w.]*(?: [^\W\d_a-z]\w*)?){0,2}"
_DAY = r"(?:[,\s]+(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2,8})(?:,?\s+\d{4})?)?"
_DATELINE = re.compile(rf"^({_PLACE}{_REGION})?{_DAY}\s*\(([^()]{{2,40}})\)\s*(?:{_DASH}|:|(?=[A-Z“\"]))")
_PLACE_ONLY = re.compile(rf"^({_PLACE}{_REGION}){_DAY}\s*(?:{_DASH}|:)\s+\S")
_CREDIT_LINE = re.compile(
    rf"^(?:{_DASH}\s*|\(|\[|©\s*)?(?:(?:source|credit|agency|via|with reporting (?:by|from)|text|copyright)\b[:\s©\d]*)?([^()\[\]:;]{{2,40}}?)[\])]?[.\s]*$",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(r"^(?:source|credit|agency|via|with reporting|text|copyright|[-–—―(\[©])", re.IGNORECASE)
_AGENCY_NAME = re.compile(
    r"^(?:[A-Z][\w-]*\s+){1,3}(?:Press|News|Wire|Telegraph(?:ic)?)\s+(?:Agency|Association|Service)$"
)
_INITIALS = re.compile(r"^[A-Z]{3,5}$")
LAST_LINES = 4


@cache
def _agencies() -> dict[str, str]:
    listed: dict[str, list[str]] = yaml.safe_load((files(__package__) / "agencies.yaml").read_text("utf-8"))
    return {spelling: name for name, spellings in listed.items() for spelling in spellings}


def agency_of(words: str, *, initials: bool = False) -> str | None:
    """The agency that these words name: a known one by its short name, an unknown one as written; None if they name none.

    `initials` takes three to five capitals for an agency that is not listed.
    """
    words = " ".join(words.split()).strip(" .")
    for part in (words, *re.split(r"\s*[/,&]\s*|\s+and\s+", words)):
        if known := _agencies().get(part):
            return known
    return words if _AGENCY_NAME.match(words) or (initials and _INITIALS.match(words)) else None


def credit_of(lines: list[str], bylines: tuple[str, ...]) -> Credit:
    """The agency that the text or its byline names, the dateline first, then the lines at the end."""
    head = _DATELINE.match(lines[0]) if lines else None
    if head and (agency := agency_of(head[2], initials=True)):
        return Credit(agency=agency, by="dateline")
    for line in lines[-LAST_LINES:]:
        if agency := credit_line(line):
            return Credit(agency=agency, by="credit line")
    for byline in bylines:
        if agency := agency_of(re.sub(r"^by\s+", "", byline, flags=re.IGNORECASE)):
            return Credit(agency=agency, by="byline")
    return Credit()


def credit_line(line: str) -> str | None:
    """The agency that a whole line names and nothing else, None for every other line."""
    found = _CREDIT_LINE.match(line) if len(line) <= 80 else None
    return agency_of(found[1], initials=bool(_LEAD_IN.match(line)) or line.isupper()) if found else None


def dateline_of(lines: list[str]) -> str | None:
    """The place in front of the first paragraph, as written; None where there is none."""
    if not lines:
        return None
    found = _DATELINE.match(lines[0])
    if found is None or not agency_of(found[2], initials=True):
        found = _PLACE_ONLY.match(lines[0])
    place = found[1] if found else None
    return place if (place and place.split(",")[0].isupper()) or (found and found.re is _DATELINE) else None
