"""Sources and delivery: whether the desk hears, and whether it is heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from schemas.facts import DeliveryActKind
from services.desk import queries, saying
from services.desk.pages.frame import context_of, page, reader
from services.desk.queries import looking

router = APIRouter(include_in_schema=False)


@router.get("/sources", response_class=HTMLResponse)
def sources_page(request: Request) -> HTMLResponse:
    """Every source: silence told from deafness."""
    context = context_of(request)
    with context.db() as db:
        states = queries.sources(db, context.now())
        volume = looking.read_per_source(db, context.now() - timedelta(hours=24))
    return page(request, "sources.html", "/sources", sources=states, volume=volume)


@router.post("/sources/{source}")
def act_on_source(request: Request, source: str, do: Annotated[str, Form()]) -> Response:
    """Pause or resume a source, or poll it now: scraping polls a source at once when it hears of it."""
    context = context_of(request)
    with context.db() as db:
        found = [state.source for state in queries.sources(db, context.now()) if state.source.source == source]
    if not found or do not in ("pause", "resume", "poll"):
        raise HTTPException(404)
    said = found[0] if do == "poll" else found[0].model_copy(update={"paused": do == "pause"})
    context.writer.say("sources", source, saying.source_said(said, reader(request).person, context.now()))
    return RedirectResponse("/sources", 303)


@router.get("/delivery", response_class=HTMLResponse)
def delivery_page(request: Request) -> HTMLResponse:
    """The delivery log, what did not arrive first."""
    context = context_of(request)
    with context.db() as db:
        sent, failed, channels = queries.deliveries(db), queries.not_delivered(db), looking.channels(db)
    return page(request, "delivery.html", "/delivery", deliveries=sent, failed=failed, channels=channels)


@router.post("/delivery/test")
def send_test(
    request: Request,
    person: Annotated[str, Form(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")],
    channel: Annotated[str, Form(pattern=r"^[a-z][a-z0-9-]{0,31}$")],
) -> Response:
    """Send a test to one person by one channel."""
    context = context_of(request)
    fact = saying.testing(person, channel, reader(request).person, context.now())
    context.writer.say("delivery-acts", person, fact)
    return RedirectResponse("/delivery", 303)


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
