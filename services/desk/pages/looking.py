"""Search, the handover of a shift, deadlines, and where everything else is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.desk import queries
from services.desk.deadlines import calendar, in_order
from services.desk.pages.frame import Reader, address_of, context_of, page, reader
from services.desk.queries import looking
from services.desk.views import Row

SHIFT = timedelta(hours=8)
router = APIRouter(include_in_schema=False)


@router.get("/search", response_class=HTMLResponse)
def search(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    """Dossiers and articles with these words."""
    words = q.strip()
    with context_of(request).db() as db:
        dossiers, articles = looking.search(db, words) if words else ([], [])
        rows = [(each, queries.row_of_dossier(db, each), queries.title_of(db, each)) for each in dossiers]
    return page(request, "search.html", "/search", q=words, found=rows, articles=articles)


@router.get("/handover", response_class=HTMLResponse)
def handover(request: Request) -> HTMLResponse:
    """What changed since this person's shift began."""
    return page(request, "handover.html", "/handover", **changes_since(request, reader(request)))


@router.post("/shift")
def begin_shift(request: Request) -> Response:
    """Remember that the shift of this person begins now."""
    answer = RedirectResponse("/handover", 303)
    now = int(context_of(request).now().timestamp())
    answer.set_cookie("shift", str(now), max_age=3 * 86400, samesite="lax", httponly=True)
    return answer


def changes_since(request: Request, who: Reader, first: Sequence[Row] | None = None, limit: int = 60) -> dict[str, Any]:
    """What the handover shows: what moved, what was put right, what is open and urgent, who has what, what is due.

    `first` are the first open rows, where they are known.
    """
    context = context_of(request)
    now, told = context.now(), request.cookies.get("shift", "")
    begun = datetime.fromtimestamp(int(told), UTC) if re.fullmatch(r"[0-9]{1,11}", told) else None
    since = begun if begun and begun <= now else now - SHIFT
    with context.db() as db:
        rows = [row for each in looking.entries_since(db, since, limit) if (row := queries.row_of_dossier(db, each))]
        first = queries.queue(db, "open", who.person, 30).rows if first is None else first
        hands = [each for each, held in queries.hands(db).items() if held.holder][-20:]
        held = [row for each in hands if (row := queries.row_of_dossier(db, each))]
        coming, _, _ = in_order(looking.terms(db, now - timedelta(days=1), now + timedelta(days=2)), now)
        failed = len(queries.not_delivered(db))
    return {
        "shift": since,
        "begun": begun is not None and begun <= now,
        "moved": [row for row in rows if not row.fixed],
        "righted": [row for row in rows if row.fixed],
        "pressing": [row for row in first if row.urgent][:12],
        "held": held,
        "coming": [term for term in coming if term.at and term.at < now + timedelta(hours=24)][:8],
        "failed": failed,
    }


@router.get("/deadlines", response_class=HTMLResponse)
def deadlines(request: Request) -> HTMLResponse:
    """Terms of running truces and of sanctions."""
    context = context_of(request)
    with context.db() as db:
        coming, passed, vague = in_order(looking.terms(db), context.now())
    return page(request, "deadlines.html", "/deadlines", coming=coming, passed=passed[:30], vague=vague)


@router.get("/deadlines.ics")
def deadlines_as_calendar(request: Request) -> Response:
    """The same as iCalendar."""
    with context_of(request).db() as db:
        text = calendar(looking.terms(db), address_of(request))
    return Response(text, media_type="text/calendar; charset=utf-8")


@router.get("/more", response_class=HTMLResponse)
def more(request: Request) -> HTMLResponse:
    """Where everything else is."""
    return page(request, "more.html", "/more")
