"""Why not? for an address or a pasted text; and the report of a miss."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from services.desk import queries, saying
from services.desk.context import Context
from services.desk.pages.frame import context_of, message, page, reader

router = APIRouter(include_in_schema=False)


@router.get("/why", response_class=HTMLResponse)
def why(request: Request, url: str = "") -> HTMLResponse:
    """Where an address went and where it stopped."""
    return _answer(request, url.strip(), "")


@router.post("/why", response_class=HTMLResponse)
def why_text(request: Request, text: Annotated[str, Form(max_length=50_000)] = "") -> HTMLResponse:
    """Where the articles went whose headline or sentence stands in a pasted text."""
    return _answer(request, "", text.strip())


def _answer(request: Request, url: str, text: str) -> HTMLResponse:
    stories = _stories(context_of(request), url, text)
    return page(request, "why.html", "/why", url=url, text=text, stories=stories)


def _stories(context: Context, url: str, text: str) -> list[tuple[str, dict[str, list[Any]]]]:
    with context.db() as db:
        addresses = [url] if url else queries.addresses_in_text(db, text) if text else []
        return [(address, queries.story_of_url(db, address)) for address in addresses]


@router.post("/feedback")
def report(
    request: Request, url: Annotated[str, Form(max_length=2000)], note: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Report a miss."""
    context, me = context_of(request), reader(request).person
    context.writer.say("feedback-given", me, saying.missed(url, note, me, context.now()))
    return message(request, "Reported", "It is kept as a test case: what should have been told, and where it was.")
