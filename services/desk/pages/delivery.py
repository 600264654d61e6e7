"""Sources and delivery: whether the desk hears, and whether it is heard."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from schemas.facts import DeliveryActKind
from services.desk import queries, saying
from services.desk.pages.frame import context_of, page, reader

router = APIRouter(include_in_schema=False)


@router.get("/sources", response_class=HTMLResponse)
def sources_page(request: Request) -> HTMLResponse:
    """Every source: silence told from deafness."""
    context = context_of(request)
    with context.db() as db:
        states = queries.sources(db, context.now())
    return page(request, "sources.html", "/sources", sources=states)


@router.get("/delivery", response_class=HTMLResponse)
def delivery_page(request: Request) -> HTMLResponse:
    """The delivery log, what did not arrive first."""
    context = context_of(request)
    with context.db() as db:
        sent, failed = queries.deliveries(db), queries.not_delivered(db)
    return page(request, "delivery.html", "/delivery", deliveries=sent, failed=failed)


@router.post("/delivery/resend")
def resend(
    request: Request,
    alert: Annotated[str, Form()],
    person: Annotated[str, Form()],
    channel: Annotated[str, Form()],
) -> Response:
    """Send one alert again to one person by one channel."""
    context = context_of(request)
    fact = saying.resend(alert, person, channel, reader(request).person, context.now())
    context.writer.say("delivery-acts", person, fact)
    return RedirectResponse("/delivery", 303)


@router.post("/delivery/{what}")
def pause_or_resume(request: Request, what: str, reason: Annotated[str, Form()] = "") -> Response:
    """Pause or resume all sending."""
    context = context_of(request)
    if what not in ("pause", "resume"):
        raise HTTPException(404)
    fact = saying.sending(DeliveryActKind(what), reader(request).person, reason, context.now())
    context.writer.say("delivery-acts", "all", fact)
    return RedirectResponse("/delivery", 303)
