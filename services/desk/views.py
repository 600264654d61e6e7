"""What a page shows of an alert, a step, a source: pure, from the log's words to the reader's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.alerts import Alert
from schemas.assertions import Assertion, Attribution, DateSlot, Polarity, Reality
from schemas.families import families
from schemas.steps import Kind, Past, Step

NOT_STATED = "not stated"
PUT_RIGHT = (Kind.corrected, Kind.retracted)
FIXED = (*PUT_RIGHT, Kind.contradicted)


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
    family: str = ""
    struck: tuple[Piece, ...] = ()
    reason: str = ""
    also: tuple[str, ...] = ()
    done_by: str = ""
    followers: frozenset[str] = frozenset()
    changed: datetime | None = None

    @property
    def gone(self) -> bool:
        """Whether the claim no longer stands: its sentence is struck through."""
        return bool(self.struck) and not self.sentence

    @property
    def newest(self) -> datetime:
        """When the dossier last did something; a correction keeps the place of what it corrects, and not its time."""
        return self.changed or self.at


@dataclass(frozen=True)
class Standing:
    """What people did with a dossier, and what its latest step puts right, as a row needs them."""

    holder: str = ""
    done_by: str = ""
    people: tuple[str, ...] = ()
    followers: frozenset[str] = frozenset()
    old: Step | None = None
    old_at: datetime | None = None
    old_seq: int | None = None


@dataclass(frozen=True)
class Group:
    """Rows under one heading of the queue."""

    title: str
    rows: tuple[Row, ...]


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
    if step.was == step.status:
        return "again" if step.kind is Kind.again else ""
    return f"was: {step.was.replace('_', ' ')}" if step.was else "new"


def row_of(alert: Alert, seq: int, standing: Standing = Standing()) -> Row:
    """The row of a dossier whose latest alert is this one."""
    step, head = alert.lead, alert.head
    said, struck = sentences(step, standing.old)
    kept = step.kind in PUT_RIGHT and standing.old_at is not None
    return Row(
        dossier=str(step.dossier.id),
        alert=str(alert.id),
        seq=standing.old_seq or seq if kept else seq,
        mark=mark_of(step.family, step.status),
        status=status_phrase(alert),
        was=was_in_words(step),
        title=step.dossier.title,
        sentence=said,
        badge=badge_of(step),
        who=who_in_words(alert.words.second_line),
        origins=origins_in_words(step),
        at=standing.old_at or alert.raised_for if kept else alert.raised_for,
        urgent=alert.urgent,
        kind=step.kind.value,
        fixed=fixed_in_words(step, alert.raised_for),
        holder=standing.holder,
        acknowledged=bool(standing.done_by),
        url=head.url if head else "",
        outlet=(head.outlet.name or head.outlet.source) if head else "",
        people=standing.people,
        family=step.family,
        struck=struck,
        reason=_capital(step.reason) if step.kind in FIXED else "",
        also=alert.words.also,
        done_by=standing.done_by,
        followers=standing.followers,
        changed=alert.raised_for,
    )


def sentences(step: Step, old: Step | None) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The sentence that stands, and the one that no longer does (struck through); either may be empty."""
    now = pieces(step.assertion.evidence, step.assertion.marks) if step.assertion else ()
    if step.kind not in PUT_RIGHT or step.stands:
        return now, ()
    before = pieces(old.assertion.evidence, old.assertion.marks) if old and old.assertion else ()
    if not before:
        return (), now
    same = step.assertion is None or step.kind is Kind.retracted or _bare(now) == _bare(before)
    return (() if same else now), before


def _bare(sentence: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in sentence)


def who_in_words(line: str) -> str:
    """The second line without the word that the badge beside it already says."""
    return line[len("Claimed ") :] if line.startswith("Claimed by") else line


def strength(step: Step) -> int:
    """How strong a step is: the lead of its status, less what keeps it from being actual; a denied one has none."""
    known = families().get(step.family)
    lead = known.statuses[step.status].lead if known and step.status in known.statuses else 0
    less = {Reality.actual: 0, Reality.scheduled: 1, Reality.conditional: 2}.get(Reality(step.reality), 3)
    return 0 if step.polarity == Polarity.negated else max(lead - less, 0)


def groups(rows: tuple[Row, ...], since: datetime | None, now: datetime) -> tuple[Group, ...]:
    """The rows under their headings: open urgent ones first, then what came since this person last looked, then the rest by day."""
    pressing = tuple(row for row in rows if row.urgent and not row.acknowledged and not (since and row.newest > since))
    rest = [row for row in rows if row not in pressing]
    new = tuple(row for row in rest if since and row.newest > since)
    today = tuple(row for row in rest if row not in new and row.at.date() == now.date())
    before = tuple(row for row in rest if row not in new and row.at.date() != now.date())
    found = (
        Group("Urgent and open", pressing),
        Group(f"Since you last looked, {clock(since, now)}" if since else "", new),
        Group("Earlier today" if new or pressing or since else "Today", today),
        Group("Before today", before),
    )
    return tuple(group for group in found if group.rows)


def clock(at: datetime, now: datetime) -> str:
    """Clock time, with the date when it is another day (UTC)."""
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%a %d %b %H:%M}"


def since_line(steps: list[Step], first_was: str | None) -> str:
    """What a dossier did since this person last looked, in one line; the steps are those since then, newest first."""
    moves = [step.status for step in steps if step.kind not in FIXED]
    fixed = [f"{step.kind.value}: {step.reason}" for step in steps if step.kind in FIXED]
    moved = []
    if moves:
        name = moves[0].replace("_", " ")
        moved = [
            f"status moved from {first_was.replace('_', ' ')} to {name}" if first_was else f"it began, with {name}"
        ]
    return "; ".join([*moved, *fixed])


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
    return clock(at, now)


def seconds_in_words(gap: timedelta) -> str:
    """`41 s`, `3 min`, `2 h 5 min`."""
    seconds = int(gap.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes >= 48 * 60:
        return f"{minutes // (24 * 60)} days"
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
