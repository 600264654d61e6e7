"""Who reads a page, and the frame that every page has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.desk.context import Context, head_of_page
from services.desk.people.doors import Identity

A_LOOK = timedelta(minutes=5)
"""Who comes back sooner than this has not been away."""


@dataclass(frozen=True)
class Reader:
    """The person in front of the page, and since when they have not looked."""

    person: str
    theme: str
    since: datetime | None


def context_of(request: Request) -> Context:
    """What the routes share."""
    context: Context = request.app.state.context
    return context


def identity(request: Request) -> Identity:
    """Who asks, as the guard found them."""
    who: Identity = request.state.who
    return who


def reader(request: Request) -> Reader:
    """Who asks, and how they have set their page."""
    context, cookies = context_of(request), request.cookies
    return Reader(
        person=identity(request).person,
        theme=cookies.get("theme", ""),
        since=since_looked(cookies.get("looked", ""), cookies.get("since", ""), context.now()),
    )


def address_of(request: Request) -> str:
    """The desk's own address, as this request came in by."""
    return str(request.base_url).rstrip("/")


def since_looked(looked: str, since: str, now: datetime) -> datetime | None:
    """Since when this person has not looked: the last look, or the one before it if they were away for a moment only."""
    last, before = _moment(looked, now), _moment(since, now)
    return last if last and now - last > A_LOOK else before


def _moment(seconds: str, now: datetime) -> datetime | None:
    """A moment from a cookie; None for what is no number, or is in the future."""
    if not re.fullmatch(r"[0-9]{1,11}", seconds):
        return None
    at = datetime.fromtimestamp(int(seconds), UTC)
    return at if at <= now else None


def page(request: Request, template: str, here: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template, in the frame; it remembers since when this person has not looked."""
    context, who = context_of(request), reader(request)
    with context.db() as db:
        frame = head_of_page(context, db, identity(request), who.theme, here)
    frame["since"] = who.since
    answer = HTMLResponse(context.pages.get_template(template).render(frame | values), status)
    if who.since:
        answer.set_cookie("since", str(int(who.since.timestamp())), samesite="lax", httponly=True)
    return answer


def message(
    request: Request, what: str, means: str, back: str = "/queue", cure: str = "To the queue", status: int = 200
) -> HTMLResponse:
    """A page that says one thing and has one way on."""
    return page(request, "message.html", "", status, what=what, means=means, back=back, cure=cure)
