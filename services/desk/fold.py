"""How each fact changes the read model. A fact that was folded before changes nothing: of two with one id the first counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from schemas import facts as f
from schemas.alerts import Alert
from schemas.assertions import DateSlot
from schemas.base import Fact, Position
from schemas.steps import TOLD, Step
from services.desk.views import PUT_RIGHT, strength

Touched = set[str]
"""The ids of the dossiers that changed, and names of other things on the page: `rules`, `sources`, `sending`."""


def fold(db: sqlite3.Connection, fact: Fact, at: Position) -> Touched:
    """Put one fact into the read model and say what it touched. Facts that the desk does not show touch nothing."""
    folder = FOLDERS.get(fact.name())
    return folder(db, fact, at) if folder else set()


def _next(db: sqlite3.Connection) -> int:
    row = db.execute("select value from facts where name = 'seq'").fetchone()
    number = int(row["value"]) + 1 if row else 1
    db.execute("insert or replace into facts values ('seq', ?)", (str(number),))
    return number


def _insert(db: sqlite3.Connection, table: str, values: dict[str, Any]) -> bool:
    """Whether the row was new."""
    names, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
    done = db.execute(f"insert or ignore into {table} ({names}) values ({marks})", tuple(values.values()))  # noqa: S608 - names are ours
    return done.rowcount == 1


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _tagged(db: sqlite3.Connection, fact: f.ArticleTagged, at: Position) -> Touched:
    head, copying = fact.head, fact.head.copying
    about = [entity.name or entity.text for entity in fact.entities if entity.salience == "about"]
    _insert(
        db,
        "heads",
        {
            "version": str(head.version), "article": str(head.article), "url": head.url, "headline": head.headline,
            "outlet": head.outlet.name, "source": head.outlet.source, "tier": head.outlet.tier, "language": head.language,
            "published": head.published and head.published.isoformat(), "fetched": head.fetched.isoformat(),
            "story": _text(copying and copying.story), "origin": copying and copying.origin,
            "decision": copying and copying.decision.value, "of": _text(copying and copying.of),
            "copy_reason": copying and copying.reason, "gate": fact.gate, "families": " ".join(fact.families),
            "entities": json.dumps(list(dict.fromkeys(about))), "topic": at.topic, "part": at.partition, "offset": at.offset,
        },
    )  # fmt: skip
    return {"heads"}


def _text_kept(db: sqlite3.Connection, fact: f.ArticleDeduplicated, at: Position) -> Touched:
    """Where the text of a version stands in the log; the text itself is read from there when somebody opens it."""
    article = fact.article
    row = {"version": str(article.version), "article": str(article.article), "at": article.fetched.isoformat()}
    _insert(db, "texts", row | {"part": at.partition, "offset": at.offset})
    return set()


def _suppressed(db: sqlite3.Connection, fact: f.MessageSuppressed, _: Position) -> Touched:
    row = {name: getattr(fact, name) for name in ("service", "outcome", "about", "url", "detail")}
    _insert(db, "suppressions", {"id": str(fact.id), "at": fact.at.isoformat()} | row)
    return set()


def _steps(db: sqlite3.Connection, fact: f.StepsTaken, _: Position) -> Touched:
    version = str(fact.head.version) if fact.head else str(fact.meta.cause)
    for aside in fact.asides:
        row = {"assertion": str(aside.assertion), "dossier": _text(aside.dossier), "reason": aside.reason}
        _insert(db, "asides", {"version": version} | row)
    if fact.head and fact.steps:
        entities = json.dumps([entity.model_dump(mode="json") for entity in fact.entities])
        _insert(db, "reports", {"version": version, "head": fact.head.model_dump_json(), "entities": entities})
    touched: Touched = set()
    for change in fact.changes:
        touched |= _dossier_changed(db, change)
    for step in fact.steps:
        touched |= _step(db, step, version, fact.at.isoformat())
    return touched


def _dossier_changed(db: sqlite3.Connection, change: f.DossierChanged) -> Touched:
    """A merged dossier leaves the queue, and comes back when that is taken back."""
    dossier, into = str(change.dossier), change.values.get("into", ())
    if change.change == "merged" and into:
        act = change.values.get("act", ("",))[0]
        db.execute("insert or replace into merged values (?, ?, ?)", (dossier, into[0], act))
        return {dossier, into[0]}
    if change.change == "unmerged":
        db.execute("delete from merged where dossier = ?", (dossier,))
        return {dossier}
    return set()


def _step(db: sqlite3.Connection, step: Step, version: str, at: str) -> Touched:
    told, dossier = step.kind in TOLD, str(step.dossier.id)
    row = {
        "id": str(step.id), "seq": _next(db), "dossier": dossier, "version": version, "at": at, "kind": step.kind.value,
        "status": step.status, "reality": step.reality, "polarity": step.polarity, "of": _text(step.of), "told": told,
        "body": step.model_dump_json(),
    }  # fmt: skip
    if not _insert(db, "steps", row):
        return set()
    roles = json.dumps({name: getattr(step.dossier, name) for name in ("parties", "imposer", "target")})
    db.execute(
        "insert into dossiers values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set title=excluded.title, roles=excluded.roles,"
        " last_step=case when ? then excluded.last_step else last_step end, last_seq=case when ? then excluded.last_seq else last_seq end,"
        " held_back=held_back + excluded.held_back",
        (
            dossier, step.family, step.dossier.title, step.dossier.opened.isoformat(), roles, str(step.id), row["seq"],
            0 if told else 1, told, told,
        ),
    )  # fmt: skip
    _terms(db, step, dossier)
    return {dossier}


def _terms(db: sqlite3.Connection, step: Step, dossier: str) -> None:
    """Keep when something that was told begins or ends; what is taken back has no term."""
    if step.kind not in TOLD:
        return
    said = step.assertion if step.stands and step.polarity == "affirmed" else None
    slots: dict[str, DateSlot | None] = {
        "effective_from": said.effective_from if said else None,
        "ends_at": said.ends_at if said else None,
    }
    for what, slot in slots.items():
        if slot is not None:
            row = (dossier, what, slot.iso, slot.precision.value, slot.text, str(step.id))
            db.execute("insert or replace into terms values (?, ?, ?, ?, ?, ?)", row)
        elif not step.stands:
            db.execute("delete from terms where dossier = ? and what = ? and step = ?", (dossier, what, _text(step.of)))


def _alert(db: sqlite3.Connection, fact: f.AlertRaised, _: Position) -> Touched:
    alert = fact.alert
    row = {
        "id": str(alert.id), "revision": alert.revision, "seq": _next(db), "person": alert.person,
        "dossier": str(alert.lead.dossier.id), "conversation": str(alert.conversation), "at": alert.raised_for.isoformat(),
        "urgent": alert.urgent, "family": alert.lead.family, "step": str(alert.lead.id), "kind": alert.lead.kind.value,
        "replaces": _text(alert.replaces), "body": alert.model_dump_json(),
    }  # fmt: skip
    if not _insert(db, "alerts", row):
        return set()
    _enter(db, str(alert.lead.dossier.id))
    return {str(alert.lead.dossier.id), "alerts"}


def _enter(db: sqlite3.Connection, dossier: str) -> None:
    """Keep which alert stands for a dossier in the queue: of what the latest moment brought to several people, the strongest lead.

    A correction stands where the alert stood that it puts right.
    """
    rows = db.execute(
        "select seq, at, body from alerts where dossier = ? and at = (select at from alerts where dossier = ? order by seq desc limit 1)"
        " group by step order by seq desc",
        (dossier, dossier),
    )
    read = [(int(row["seq"]), row["at"], Alert.model_validate_json(row["body"])) for row in rows]
    seq, at, alert = max(read, key=lambda each: (strength(each[2].lead), each[0]))
    lead = alert.lead
    before = db.execute("select min(seq) from alerts where step = ?", (_text(lead.of),)).fetchone()[0]
    place = before if lead.kind in PUT_RIGHT and before else seq
    db.execute(
        "insert or replace into entries values (?, ?, ?, ?, ?, ?, ?, ?)",
        (dossier, str(alert.id), alert.revision, place, at, alert.urgent, lead.family, str(lead.id)),
    )


def _decided(db: sqlite3.Connection, fact: f.AlertsDecided, _: Position) -> Touched:
    for told in fact.everybody_told():
        _insert(db, "told", {"step": str(told.step), "person": told.person, "alert": str(told.alert)})
    for untold in fact.untold:
        _insert(
            db,
            "untold",
            {"step": str(untold.step), "person": untold.person, "rule": untold.rule, "reason": untold.reason},
        )
    if not fact.rule:
        return {str(told.dossier) for told in fact.told} | {str(many.dossier) for many in fact.together}
    rule = fact.rule
    db.execute(
        "update rules set in_force = ? where person = ? and rule = ? and version = ?",
        (fact.at.isoformat(), rule.person, rule.rule, rule.version),
    )
    return {"rules"}


def _rule(db: sqlite3.Connection, fact: f.RuleSaved, _: Position) -> Touched:
    rule = fact.rule
    row = {
        "person": rule.person, "rule": rule.rule, "version": rule.version, "title": rule.title,
        "document": json.dumps(rule.document, ensure_ascii=False), "saved_by": fact.by, "at": fact.at.isoformat(),
        "removed": rule.removed,
    }  # fmt: skip
    return {"rules"} if _insert(db, "rules", row) else set()


def _act(db: sqlite3.Connection, fact: f.ActTaken, _: Position) -> Touched:
    act = fact.act
    row = {
        "id": str(act.act), "seq": _next(db), "kind": act.kind.value, "person": act.person, "at": act.at.isoformat(),
        "dossier": _text(act.dossier), "alert": _text(act.alert), "undoes": _text(act.undoes), "body": act.model_dump_json(),
    }  # fmt: skip
    if not _insert(db, "acts", row):
        return set()
    undone = db.execute("select dossier from acts where id = ?", (_text(act.undoes),)).fetchone()
    return {str(dossier) for dossier in (act.dossier, undone and undone["dossier"]) if dossier}


def _delivery(db: sqlite3.Connection, fact: f.DeliveryRecorded, _: Position) -> Touched:
    row = {
        "id": str(fact.id), "seq": _next(db), "alert": str(fact.alert), "revision": fact.revision, "person": fact.person,
        "channel": fact.channel, "state": fact.state.value, "attempt": fact.attempt, "at": fact.at.isoformat(),
        "seconds": fact.seconds, "answer": fact.answer,
    }  # fmt: skip
    return {"deliveries"} if _insert(db, "deliveries", row) else set()


def _source(db: sqlite3.Connection, fact: f.SourceConfigured, _: Position) -> Touched:
    db.execute("insert or replace into sources values (?, ?)", (fact.source.source, fact.source.model_dump_json()))
    return {"sources"}


def _poll(db: sqlite3.Connection, fact: f.PollRecorded, _: Position) -> Touched:
    db.execute(
        "insert or replace into polls values (?, ?)", (fact.source, fact.model_dump_json(exclude={"seen", "meta"}))
    )
    return {"sources"}


def _sending(db: sqlite3.Connection, fact: f.DeliveryActed, _: Position) -> Touched:
    row = {
        "kind": fact.kind.value,
        "person": fact.person,
        "channel": fact.channel,
        "by": fact.by,
        "reason": fact.reason,
    }
    return (
        {"sending"}
        if _insert(db, "sending", {"id": str(fact.id), "seq": _next(db), "at": fact.at.isoformat()} | row)
        else set()
    )


def _feedback(db: sqlite3.Connection, fact: f.FeedbackGiven, _: Position) -> Touched:
    row = {"person": fact.person, "at": fact.at.isoformat(), "kind": fact.kind, "url": fact.url, "note": fact.note}
    _insert(db, "feedback", {"id": str(fact.id), "alert": _text(fact.alert)} | row)
    return set()


def _minute(db: sqlite3.Connection, fact: f.MinutePassed, _: Position) -> Touched:
    db.execute("insert or replace into facts values ('minute', ?)", (fact.minute.isoformat(),))
    return set()


FOLDERS: dict[str, Callable[[sqlite3.Connection, Any, Position], Touched]] = {
    "ArticleDeduplicated": _text_kept,
    "ArticleTagged": _tagged,
    "MessageSuppressed": _suppressed,
    "StepsTaken": _steps,
    "AlertRaised": _alert,
    "AlertsDecided": _decided,
    "RuleSaved": _rule,
    "ActTaken": _act,
    "DeliveryRecorded": _delivery,
    "SourceConfigured": _source,
    "PollRecorded": _poll,
    "DeliveryActed": _sending,
    "FeedbackGiven": _feedback,
    "MinutePassed": _minute,
}
