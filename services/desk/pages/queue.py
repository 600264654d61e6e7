"""The queue, the dossiers beside it, and the pieces of both that the script fetches."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from schemas.steps import Step
from services.desk import queries
from services.desk.context import COUNTRY_NAMES, Context
from services.desk.pages.frame import Reader, context_of, page, reader
from services.desk.pages.looking import changes_since
from services.desk.views import groups, since_line, slots_of

View = Annotated[str, Query(pattern="^(open|unclaimed|ceasefire|sanctions|mine|all)$")]
Rows = Annotated[int, Query(ge=1, le=5000)]
router = APIRouter(include_in_schema=False)


@router.get("/")
def front() -> RedirectResponse:
    """The queue is the front page."""
    return RedirectResponse("/queue")


def _list(
    context: Context, db: sqlite3.Connection, view: str, who: Reader, rows: int = queries.FIRST_ROWS
) -> dict[str, Any]:
    found = queries.queue(db, view, who.person, rows)
    return {
        "asked_rows": rows,
        "queue": found,
        "groups": groups(found.rows, who.since, context.now()),
        "view": view,
        "filters": queries.FILTERS,
        "dossier": None,
    }


def _dossier(db: sqlite3.Connection, dossier: str, who: Reader) -> dict[str, Any]:
    found = queries.dossier_page(db, dossier)
    if found is None:
        raise HTTPException(404)
    lead = _shown_step(found)
    fresh = [line.step for line in found.steps if line.told and who.since and line.at > who.since]
    return {
        "dossier": found,
        "slots": slots_of(lead, COUNTRY_NAMES) if lead else [],
        "since_words": since_line(fresh, fresh[-1].was) if fresh else "",
    }


def _shown_step(found: queries.DossierPage) -> Step | None:
    if found.alert:
        return found.alert.lead
    return found.steps[0].step if found.steps else None


@router.get("/queue", response_class=HTMLResponse)
def queue_page(request: Request, view: View = "open", rows: Rows = queries.FIRST_ROWS) -> HTMLResponse:
    """The queue, and beside it what changed since the shift began."""
    context, who = context_of(request), reader(request)
    with context.db() as db:
        values = _list(context, db, view, who, rows)
    return page(
        request,
        "queue.html",
        "/queue",
        **values,
        **changes_since(request, who, values["queue"].rows if view == "open" else None, 14),
    )


@router.get("/dossiers/{dossier}", response_class=HTMLResponse)
def dossier_page(request: Request, dossier: UUID, view: View = "open") -> HTMLResponse:
    """One dossier beside the queue; on a phone alone."""
    context, who = context_of(request), reader(request)
    with context.db() as db:
        values = _list(context, db, view, who) | _dossier(db, str(dossier), who)
    return page(request, "dossier.html", "/queue", **values)


@router.get("/fragments/list", response_class=HTMLResponse)
def fragment_list(request: Request, view: View = "open", rows: Rows = queries.FIRST_ROWS) -> HTMLResponse:
    """The rows alone, for the script."""
    context, who = context_of(request), reader(request)
    with context.db() as db:
        values = _list(context, db, view, who, rows)
    return page(request, "list.html", "/queue", **values)


@router.get("/fragments/rows", response_class=HTMLResponse)
def fragment_rows(
    request: Request, dossier: Annotated[list[UUID], Query(max_length=200)], view: View = "open"
) -> HTMLResponse:
    """Rows as they stand now; one that does not belong to the view says so (`data-elsewhere`), one that nobody was told of is left out."""
    context, who = context_of(request), reader(request)
    with context.db() as db:
        rows = [row for each in dossier if (row := queries.row_of_dossier(db, str(each)))]
    shown = [(row, queries.in_view(row, view, who.person)) for row in rows]
    return HTMLResponse(context.pages.get_template("rows.html").render(rows=shown, now=context.now()))


@router.get("/fragments/notices", response_class=HTMLResponse)
def fragment_notices(request: Request) -> HTMLResponse:
    """What limits what the queue means, as it stands now."""
    return page(request, "notices.html", "/queue")


@router.get("/fragments/dossier/{dossier}", response_class=HTMLResponse)
def fragment_dossier(request: Request, dossier: UUID, view: View = "open") -> HTMLResponse:
    """The pane of a dossier alone."""
    context, who = context_of(request), reader(request)
    with context.db() as db:
        values = {"view": view} | _dossier(db, str(dossier), who)
    return page(request, "dossier_pane.html", "/queue", **values)


@router.get("/following", response_class=HTMLResponse)
def following(request: Request) -> HTMLResponse:
    """The dossiers that this person follows."""
    context, who = context_of(request), reader(request)
    with context.db() as db:
        mine = [key for key, hands in queries.hands(db).items() if who.person in hands.following]
        rows = [row for key in mine if (row := queries.row_of_dossier(db, key))]
    return page(request, "following.html", "/following", rows=sorted(rows, key=lambda row: -row.seq))
