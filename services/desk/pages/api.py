"""The desk for programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from schemas.alerts import Alert
from services.desk import queries
from services.desk.pages.frame import context_of
from services.desk.views import pieces

router = APIRouter()


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
