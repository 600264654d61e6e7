"""What the pages ask of the read model."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from schemas.acts import ActKind
from schemas.alerts import Alert
from schemas.steps import Step
from services.desk.queries import looking
from services.desk.queries.records import (
    addresses_in_text,
    alerts,
    articles_read,
    deliveries,
    minute,
    not_delivered,
    rule_versions,
    rules,
    sending_paused,
    sources,
    story_of_url,
)
from services.desk.views import Row, Standing, row_of

__all__ = [
    "FILTERS",
    "FIRST_ROWS",
    "DossierPage",
    "Hands",
    "Queue",
    "StepLine",
    "addresses_in_text",
    "alerts",
    "articles_read",
    "deliveries",
    "dossier_page",
    "hands",
    "in_view",
    "minute",
    "not_delivered",
    "queue",
    "row_of_dossier",
    "rule_versions",
    "rules",
    "sending_paused",
    "sources",
    "story_of_url",
    "title_of",
]
Db = sqlite3.Connection
FILTERS = ("open", "unclaimed", "ceasefire", "sanctions", "mine", "all")
FIRST_ROWS = 100
ENTRIES = "select * from entries where dossier not in (select dossier from merged)"


@dataclass(frozen=True)
class Hands:
    """Who has a dossier, who acknowledged which of its alerts first, and who follows it, by the acts so far."""

    holder: str = ""
    acknowledged: dict[str, str] = field(default_factory=dict)
    following: frozenset[str] = frozenset()
    steps_done: frozenset[str] = frozenset()
    muted: dict[str, str] = field(default_factory=dict)


NOBODY = Hands()


@dataclass(frozen=True)
class Queue:
    """One view of the queue."""

    rows: tuple[Row, ...]
    open: int
    mine: int
    hidden: int
    last_alert: str | None
    of: int = 0


def hands(db: Db, dossier: str | None = None) -> dict[str, Hands]:
    """Who holds, acknowledged and follows each dossier: a fold of the acts in their order, without those taken back."""
    undone = {row["undoes"] for row in db.execute("select undoes from acts where kind = 'undo'")}
    acts = db.execute(
        "select a.*, (select l.step from alerts l where l.id = a.alert limit 1) as step from acts a"
        " where a.dossier is not null and (? is null or a.dossier = ?) order by a.seq",
        (dossier, dossier),
    )
    held: dict[str, Hands] = {}
    for act in acts:
        if act["id"] not in undone:
            held[act["dossier"]] = _after(held.get(act["dossier"], Hands()), act)
    return held


def _after(before: Hands, act: sqlite3.Row) -> Hands:
    kind, person = act["kind"], act["person"]
    if kind == ActKind.claim:
        return replace(before, holder=before.holder or person)
    if kind == ActKind.release:
        return replace(before, holder="" if before.holder == person else before.holder)
    if kind == ActKind.acknowledge:
        first = {str(act["alert"]): f"{person} {act['at'][11:16]}"}
        steps = before.steps_done | {act["step"]} if act["step"] else before.steps_done
        return replace(before, acknowledged=first | before.acknowledged, steps_done=steps)
    if kind == ActKind.follow:
        return replace(before, following=before.following | {person})
    if kind == ActKind.unfollow:
        return replace(before, following=before.following - {person})
    if kind == ActKind.mute:
        return replace(before, muted=before.muted | {person: json.loads(act["body"])["until"] or ""})
    if kind == ActKind.unmute:
        return replace(before, muted={who: until for who, until in before.muted.items() if who != person})
    return before


def queue(db: Db, view: str, person: str, limit: int = FIRST_ROWS) -> Queue:
    """The first rows of a view, open urgent first, then the newest step first; one row is one dossier."""
    held = hands(db)
    entries = [_entry(row, held) for row in db.execute(ENTRIES)]
    kept = [each for each in entries if _entry_in_view(each, view, person)]
    kept.sort(key=lambda each: (not (each.row["urgent"] and not each.done), -each.row["place"]))
    hidden = db.execute("select coalesce(sum(held_back), 0) from dossiers").fetchone()[0]
    return Queue(
        rows=tuple(_row(db, each.row, each.held) for each in kept[:limit]),
        open=sum(not each.done for each in entries),
        mine=sum(each.held.holder == person for each in entries),
        hidden=hidden,
        last_alert=db.execute("select max(at) from alerts").fetchone()[0],
        of=len(kept),
    )


@dataclass(frozen=True)
class _Entry:
    """A dossier of the queue before its row is made: what sorting and choosing need."""

    row: sqlite3.Row
    held: Hands
    done: bool


def _entry(row: sqlite3.Row, held: dict[str, Hands]) -> _Entry:
    hand = held.get(row["dossier"], NOBODY)
    return _Entry(row, hand, row["step"] in hand.steps_done)


def _entry_in_view(entry: _Entry, view: str, person: str) -> bool:
    return _belongs(view, person, entry.held.holder, entry.row["family"], done=entry.done)


def _belongs(view: str, person: str, holder: str, family: str, *, done: bool) -> bool:
    match view:
        case "all":
            return True
        case "mine":
            return holder == person
        case "unclaimed":
            return not holder and not done
        case "open":
            return not done
        case _:
            return view == family and not done


def _row(db: Db, entry: sqlite3.Row, held: Hands) -> Row:
    body = db.execute(
        "select seq, body from alerts where id = ? and revision = ?", (entry["alert"], entry["revision"])
    ).fetchone()
    alert = Alert.model_validate_json(body["body"])
    same_step = db.execute("select id, person from alerts where step = ?", (entry["step"],)).fetchall()
    done = [held.acknowledged[row["id"]] for row in same_step if row["id"] in held.acknowledged]
    old, old_at, old_seq = _put_right(db, alert)
    standing = Standing(
        holder=held.holder,
        done_by=done[0] if done else "",
        people=tuple(sorted({row["person"] for row in same_step})),
        followers=held.following,
        old=old,
        old_at=old_at,
        old_seq=old_seq,
    )
    return row_of(alert, int(body["seq"]), standing)


def _put_right(db: Db, alert: Alert) -> tuple[Step | None, datetime | None, int | None]:
    """The step that an alert corrects or retracts, with the time and the place in the queue of the alert that told it."""
    if alert.lead.of is None:
        return None, None, None
    step = db.execute("select body from steps where id = ?", (str(alert.lead.of),)).fetchone()
    told = db.execute(
        "select seq, at from alerts where step = ? order by seq limit 1", (str(alert.lead.of),)
    ).fetchone()
    return (
        Step.model_validate_json(step["body"]) if step else None,
        datetime.fromisoformat(told["at"]) if told else None,
        int(told["seq"]) if told else None,
    )


def in_view(row: Row, view: str, person: str) -> bool:
    """Whether a row belongs to a view of the queue."""
    return _belongs(view, person, row.holder, row.family, done=row.acknowledged)


def row_of_dossier(db: Db, dossier: str) -> Row | None:
    """The queue's row of one dossier, None if nobody was told of it, or if it is part of another."""
    entry = db.execute(f"{ENTRIES} and dossier = ?", (dossier,)).fetchone()
    return _row(db, entry, hands(db, dossier).get(dossier, NOBODY)) if entry else None


def title_of(db: Db, dossier: str) -> str:
    """The name of a dossier."""
    row = db.execute("select title from dossiers where id = ?", (dossier,)).fetchone()
    return str(row["title"]) if row else ""


@dataclass(frozen=True)
class DossierPage:
    """All that the page of a dossier shows."""

    id: str
    family: str
    title: str
    row: Row | None
    alert: Alert | None
    steps: tuple[StepLine, ...]
    origins: tuple[sqlite3.Row, ...]
    asides: tuple[sqlite3.Row, ...]
    acts: tuple[dict[str, Any], ...]
    deliveries: tuple[sqlite3.Row, ...]
    held: Hands = field(default_factory=Hands)
    hidden: int = 0
    versions: int = 0
    others: tuple[sqlite3.Row, ...] = ()
    part_of: str = ""

    @property
    def checks(self) -> dict[str, str]:
        """Who made which check first, and when; what was taken back does not count."""
        undone = {act["undoes"] for act in self.acts}
        made = [act for act in self.acts if act["kind"] == ActKind.confirm and act["act"] not in undone]
        return {act["answer"] or "": f"{act['person']} {act['at'][11:16]}" for act in reversed(made)}


@dataclass(frozen=True)
class StepLine:
    """One step in the chronicle, with how many people were told."""

    step: Step
    at: datetime
    told: bool
    people: int
    headline: str
    outlet: str
    url: str


def dossier_page(db: Db, dossier: str) -> DossierPage | None:
    """The page of a dossier, None where there is none of that id."""
    found = db.execute("select * from dossiers where id = ?", (dossier,)).fetchone()
    if not found:
        return None
    latest = db.execute("select body from alerts where dossier = ? order by seq desc limit 1", (dossier,)).fetchone()
    alert = Alert.model_validate_json(latest["body"]) if latest else None
    return DossierPage(
        id=dossier,
        family=found["family"],
        title=found["title"],
        row=row_of_dossier(db, dossier),
        alert=alert,
        steps=_steps(db, dossier),
        origins=_origins(db, dossier),
        asides=tuple(db.execute("select * from asides where dossier = ? limit 200", (dossier,))),
        acts=_acts(db, dossier),
        deliveries=_deliveries(db, dossier),
        held=hands(db, dossier).get(dossier, Hands()),
        hidden=found["held_back"],
        versions=len(looking.versions_of(db, str(alert.head.article))) if alert and alert.head else 0,
        others=tuple(looking.others_of_family(db, dossier, found["family"])),
        part_of=_part_of(db, dossier),
    )


def _part_of(db: Db, dossier: str) -> str:
    row = db.execute("select into_ from merged where dossier = ?", (dossier,)).fetchone()
    return str(row["into_"]) if row else ""


def _steps(db: Db, dossier: str) -> tuple[StepLine, ...]:
    rows = db.execute(
        "select s.*, h.headline, h.outlet, h.url, (select count(*) from told t where t.step = s.id) as people"
        " from steps s left join heads h on h.version = s.version where s.dossier = ? order by s.seq desc",
        (dossier,),
    )
    return tuple(
        StepLine(
            step=Step.model_validate_json(row["body"]),
            at=datetime.fromisoformat(row["at"]),
            told=bool(row["told"]),
            people=row["people"],
            headline=row["headline"] or "",
            outlet=row["outlet"] or "",
            url=row["url"] or "",
        )
        for row in rows
    )


def _origins(db: Db, dossier: str) -> tuple[sqlite3.Row, ...]:
    return tuple(
        db.execute(
            "select h.origin, min(h.fetched) as first, count(*) as articles, sum(h.decision = 'copy') as copies,"
            " group_concat(distinct h.outlet) as outlets from heads h where h.version in"
            " (select version from steps where dossier = ?) group by h.origin order by first",
            (dossier,),
        )
    )


def _acts(db: Db, dossier: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        json.loads(row["body"])
        for row in db.execute(
            "select body from acts where dossier = ? or undoes in (select id from acts where dossier = ?) order by seq",
            (dossier, dossier),
        )
    )


def _deliveries(db: Db, dossier: str) -> tuple[sqlite3.Row, ...]:
    return tuple(
        db.execute(
            "select d.* from deliveries d where d.alert in (select id from alerts where dossier = ?) order by d.seq desc limit 200",
            (dossier,),
        )
    )
