"""The desk for programs."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel

from schemas.alerts import Alert
from services.desk import queries
from services.desk.deadlines import in_order
from services.desk.pages.frame import context_of, reader
from services.desk.pages.queue import View
from services.desk.queries import looking
from services.desk.views import Row, chronicle_line, pieces
from services.desk.whole import whole_in_words


class Problem(BaseModel):
    """What is wrong with a question, in words."""

    detail: str


class QueueRow(BaseModel):
    """One dossier as the queue shows it."""

    dossier: str
    alert: str
    title: str
    family: str
    status: str
    was: str
    certainty: str
    who: str
    sentence: str
    outlet: str
    url: str
    urgent: bool
    kind: str
    holder: str
    acknowledged_by: str
    at: str


class QueueView(BaseModel):
    """A view of the queue with its counts and the state of the whole."""

    open: int
    of: int
    whole: str
    rows: list[QueueRow]


class StepInShort(BaseModel):
    """One step of a dossier."""

    step: str
    at: str
    kind: str
    status: str
    says: str
    told_to: int
    outlet: str
    url: str


class DossierInShort(BaseModel):
    """A dossier with its steps, newest first."""

    dossier: str
    title: str
    family: str
    holder: str
    steps: list[StepInShort]


class TermInShort(BaseModel):
    """A term that a report gave."""

    dossier: str
    title: str
    what: str
    at: str
    precision: str
    said: str


router = APIRouter(responses={422: {"model": Problem}})


@router.get("/api/queue")
def api_queue(request: Request, view: View = "open", rows: Annotated[int, Query(ge=1, le=500)] = 100) -> QueueView:
    """The queue, urgent and newest first."""
    context = context_of(request)
    with context.db() as db:
        found = queries.queue(db, view, reader(request).person, rows)
        states, minute = queries.sources(db, context.now()), queries.minute(db)
        whole = whole_in_words(states, minute, context.now(), context.waits())
    return QueueView(open=found.open, of=found.of, whole=whole, rows=[_queue_row(row) for row in found.rows])


def _queue_row(row: Row) -> QueueRow:
    same = {name: getattr(row, name) for name in QueueRow.model_fields if hasattr(row, name)}
    said = "".join(piece.text for piece in row.sentence or row.struck)
    more = {"certainty": row.badge.word, "sentence": said, "acknowledged_by": row.done_by, "at": row.at.isoformat()}
    return QueueRow(**(same | more))


@router.get("/api/dossiers/{dossier}", responses={404: {"model": Problem}})
def api_dossier(request: Request, dossier: UUID) -> DossierInShort:
    """One dossier with its steps."""
    with context_of(request).db() as db:
        found = queries.dossier_page(db, str(dossier))
    if found is None:
        raise HTTPException(404, "no dossier of this id is known, or it is still on its way")
    steps = [
        StepInShort(
            step=str(line.step.id), at=line.at.isoformat(), kind=line.step.kind.value, status=line.step.status,
            says=chronicle_line(line.step), told_to=line.people, outlet=line.outlet, url=line.url,
        )
        for line in found.steps
    ]  # fmt: skip
    return DossierInShort(
        dossier=found.id, title=found.title, family=found.family, holder=found.held.holder, steps=steps
    )


@router.get("/api/deadlines")
def api_deadlines(request: Request) -> list[TermInShort]:
    """Terms that are still to come, soonest first."""
    context = context_of(request)
    with context.db() as db:
        coming, _, _ = in_order(looking.terms(db), context.now())
    return [
        TermInShort(
            dossier=term.dossier, title=term.title, what=term.what, at=term.iso, precision=term.precise, said=term.said
        )
        for term in coming
    ]


@router.get("/api/alerts")
def api_alerts(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    person: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, list[dict[str, Any]]]:
    """The latest alerts, newest first."""
    with context_of(request).db() as db:
        found = queries.alerts(db, limit, person)
    return {"alerts": [_api_alert(alert) for alert in found]}


def _api_alert(alert: Alert) -> dict[str, Any]:
    step, said = alert.lead, alert.lead.assertion
    return {
        "id": str(alert.id),
        "revision": alert.revision,
        "person": alert.person,
        "first_line": alert.words.first_line,
        "second_line": alert.words.second_line,
        "family": step.family,
        "status": step.status,
        "reality": step.reality,
        "polarity": step.polarity,
        "kind": step.kind.value,
        "was": step.was,
        "particulars": step.particulars,
        "evidence": said.evidence if said else "",
        "marked": [piece.text for piece in pieces(said.evidence, said.marks) if piece.marked] if said else [],
        "url": alert.head.url if alert.head else "",
        "outlet": alert.head.outlet.name if alert.head else "",
        "dossier": str(step.dossier.id),
        "title": step.dossier.title,
        "conversation": str(alert.conversation),
        "replaces": str(alert.replaces) if alert.replaces else None,
        "also": list(alert.words.also),
        "rules": [{"rule": rule.rule, "version": rule.version} for rule in alert.rules],
        "urgent": alert.urgent,
        "at": alert.raised_for.isoformat(),
    }
