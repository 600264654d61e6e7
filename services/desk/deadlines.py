"""When running truces begin and end and sanctions take effect or lapse: as a list and as a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

WHAT = {"effective_from": "takes effect", "ends_at": "ends"}
FOLD = 73


@dataclass(frozen=True)
class Term:
    """One term as a report gave it. `iso` is as exact as `precise` says."""

    dossier: str
    title: str
    family: str
    status: str
    what: str
    iso: str
    precise: str
    said: str
    step_at: datetime

    @property
    def at(self) -> datetime | None:
        """The moment, or the beginning of the day; None where the report gave only a month or a year."""
        if self.precise not in ("minute", "hour", "day"):
            return None
        try:
            moment = datetime.fromisoformat(self.iso)
        except ValueError:
            return None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    @property
    def words(self) -> str:
        """What happens then, as `Ceasefire (agreed) ends`."""
        return f"{self.family.capitalize()} ({self.status.replace('_', ' ')}) {WHAT[self.what]}"

    def is_over(self, now: datetime) -> bool:
        """Whether it has passed; a day passes when it ends."""
        at = self.at
        return at is not None and at + (timedelta(days=1) if self.precise == "day" else timedelta(0)) <= now


def in_order(terms: Iterable[Term], now: datetime) -> tuple[list[Term], list[Term], list[Term]]:
    """Those to come, soonest first; those that passed, latest first; those without a day."""
    known = sorted((term for term in terms if term.at), key=lambda term: (term.at or now, term.title))
    vague = [term for term in terms if not term.at]
    return [one for one in known if not one.is_over(now)], [one for one in reversed(known) if one.is_over(now)], vague


def calendar(terms: Iterable[Term], address: str) -> str:
    """The terms as iCalendar (RFC 5545); `address` is the desk's own, for the links."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Copytaster//Deadlines//EN",
        "X-WR-CALNAME:Copytaster deadlines",
    ]
    for term in terms:
        if term.at:
            lines += _event(term, term.at, address)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(term: Term, at: datetime, address: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{term.dossier}-{term.what}@copytaster"
    yield f"DTSTAMP:{_moment(term.step_at)}"
    if term.precise == "day":
        yield f"DTSTART;VALUE=DATE:{date.fromisoformat(term.iso[:10]):%Y%m%d}"
    else:
        yield f"DTSTART:{_moment(at)}"
    yield f"SUMMARY:{_escaped(f'{term.title}: {term.words}')}"
    yield f"DESCRIPTION:{_escaped(f'As reported: “{term.said}”')}"
    yield f"URL:{address}/dossiers/{term.dossier}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """At most 75 octets a line; what follows is indented, and no character is cut."""
    pieces, here = [], ""
    for sign in line:
        if len((here + sign).encode()) > FOLD:
            pieces.append(here)
            here = ""
        here += sign
    return "\r\n ".join([*pieces, here])
