"""What a page shows of an alert, a step, a source: pure, from the log's words to the reader's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.alerts import Alert
from schemas.assertions import Assertion, Attribution, DateSlot, Reality
from schemas.families import families
from schemas.steps import Kind, Past, Step

NOT_STATED = "not stated"


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence; marked where it carries the claim."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Badge:
    """How sure: a word and a border (solid, dashed, double)."""

    word: str
    border: str


@dataclass(frozen=True)
class Mark:
    """How a status is drawn: shape and colour, by the group of its family's file."""

    shape: str
    colour: str


@dataclass(frozen=True)
class Row:
    """One row of the queue: one dossier as its latest alert shows it."""

    dossier: str
    alert: str
    seq: int
    mark: Mark
    status: str
    was: str
    title: str
    sentence: tuple[Piece, ...]
    badge: Badge
    who: str
    origins: str
    at: datetime
    urgent: bool
    kind: str
    fixed: str
    holder: str
    acknowledged: bool
    url: str
    outlet: str
    people: tuple[str, ...] = ()

    @property
    def gone(self) -> bool:
        """Whether the claim no longer stands: its sentence is struck through."""
        return self.kind in (Kind.corrected, Kind.retracted)


def pieces(evidence: str, marks: tuple[tuple[int, int], ...]) -> tuple[Piece, ...]:
    """The sentence cut where marks begin and end; marks out of bounds or overlapping are passed over."""
    found, here = [], 0
    for start, end in sorted(marks):
        if start < here or end > len(evidence) or start >= end:
            continue
        found += [Piece(evidence[here:start], marked=False), Piece(evidence[start:end], marked=True)]
        here = end
    found.append(Piece(evidence[here:], marked=False))
    return tuple(piece for piece in found if piece.text)


def mark_of(family: str, status: str) -> Mark:
    """The mark of a status; a family that draws nothing has a hollow circle."""
    known = families().get(family)
    group = known.statuses[status].group if known and status in known.statuses else ""
    drawn = known.desk.get("groups", {}).get(group, {}) if known else {}
    return Mark(drawn.get("mark", "circle-hollow"), drawn.get("colour", "sought"))


def badge_of(step: Step) -> Badge:
    """Certainty as border and word: solid confirmed, dashed claimed or not yet, double disputed."""
    if step.kind is Kind.contradicted:
        return Badge("Disputed", "double")
    if step.reality != Reality.actual:
        return Badge(_capital(step.reality), "dashed")
    attribution = step.assertion.attribution if step.assertion else Attribution.unattributed
    if attribution is Attribution.confirmed:
        return Badge("Confirmed", "solid")
    if attribution in (Attribution.denied, Attribution.disputed):
        return Badge(_capital(attribution), "double")
    return Badge("Outlet says" if attribution is Attribution.unattributed else "Claimed", "dashed")


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def origins_in_words(step: Step) -> str:
    """`1 origin`, `3 origins`; nothing where a minute or a person brought the step."""
    count = len(step.origins)
    return "" if not count else "1 origin" if count == 1 else f"{count} origins"


def was_in_words(step: Step) -> str:
    """The change, as `was: proposed` or `new`."""
    return f"was: {step.was.replace('_', ' ')}" if step.was else "new"


def row_of(
    alert: Alert, seq: int, *, holder: str = "", acknowledged: bool = False, people: tuple[str, ...] = ()
) -> Row:
    """The row of a dossier whose latest alert is this one."""
    step = alert.lead
    assertion = step.assertion
    head = alert.head
    return Row(
        dossier=str(step.dossier.id),
        alert=str(alert.id),
        seq=seq,
        mark=mark_of(step.family, step.status),
        status=status_phrase(alert),
        was=was_in_words(step),
        title=step.dossier.title,
        sentence=pieces(assertion.evidence, assertion.marks) if assertion else (),
        badge=badge_of(step),
        who=alert.words.second_line,
        origins=origins_in_words(step),
        at=alert.raised_for,
        urgent=alert.urgent,
        kind=step.kind.value,
        fixed=fixed_in_words(step, alert.raised_for),
        holder=holder,
        acknowledged=acknowledged,
        url=head.url if head else "",
        outlet=(head.outlet.name or head.outlet.source) if head else "",
        people=people,
    )


def status_phrase(alert: Alert) -> str:
    """The first line without what the row says beside it: the dossier's name and the change."""
    line = alert.words.first_line
    line = line.removesuffix(f" · {alert.lead.dossier.title}")
    return line.split(" (was:")[0].strip()


def fixed_in_words(step: Step, at: datetime) -> str:
    """`Corrected 08:20`, where the step puts something right; else empty."""
    words = {Kind.corrected: "Corrected", Kind.retracted: "Retracted", Kind.contradicted: "Contradicted"}
    return f"{words[step.kind]} {at:%H:%M}" if step.kind in words else ""


def age(at: datetime, now: datetime) -> str:
    """Minutes up to an hour, then clock time, with the date when it is another day (UTC)."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 0)} min"
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%a %d %b %H:%M}"


def seconds_in_words(gap: timedelta) -> str:
    """`41 s`, `3 min`, `2 h 5 min`."""
    seconds = int(gap.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def slots_of(step: Step, name_of: dict[str, str]) -> list[tuple[str, str]]:
    """The slots by name, in the order of the page; an empty one says `not stated`."""
    said = step.assertion
    roles = families()[step.family].roles if step.family in families() else ("parties",)
    rows = [
        (_capital(role), ", ".join(name_of.get(code, code) for code in getattr(step.dossier, role))) for role in roles
    ]
    if said:
        rows += _slots_said(said)
    return [(name, value or NOT_STATED) for name, value in rows]


def _slots_said(said: Assertion) -> list[tuple[str, str]]:
    rows = [
        ("Place", ", ".join(said.place) or said.theatre or ""),
        ("Effective from", _date(said.effective_from)),
        ("Duration", said.duration or ""),
        ("Ends", _date(said.ends_at)),
        ("Conditions", "; ".join(said.conditions)),
    ]
    if said.instrument:
        rows.append(("Instrument", ", ".join(said.instrument)))
    if said.list_size is not None:
        rows.append(("On the list", str(said.list_size)))
    return rows


def _date(slot: DateSlot | None) -> str:
    return f"{slot.iso} (“{slot.text}”)" if slot else ""


def chronicle_line(step: Step) -> str:
    """One step of a dossier in a few words, as `Agreed, claimed by Northland`."""
    status = _capital(step.status.replace("_", " "))
    planned = "" if step.reality == Reality.actual else f", {step.reality}"
    denied = ", denied" if step.polarity == "negated" else ""
    said = step.assertion
    by = f", says {said.speaker}" if said and said.speaker else ""
    return f"{status}{planned}{denied}{by}"


def past_line(past: Past) -> str:
    """A step that came before, in a few words."""
    return f"{_capital(past.status.replace('_', ' '))} {past.at:%d %b %H:%M}"
