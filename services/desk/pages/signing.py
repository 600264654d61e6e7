"""Signing in and out, the one-time link, one's own account, and the people of the desk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.desk.pages.frame import address_of, context_of, page, reader
from services.desk.people.accounts import LONGEST, ROLES, NotSignedIn, TooMany
from services.desk.people.doors import SESSION

router = APIRouter(include_in_schema=False)
Short = Annotated[str, Form(max_length=64)]
Password = Annotated[str, Form(max_length=1000)]


def own_path(address: str) -> str:
    """Where to go after signing in: a path of the desk itself, else the queue."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/queue"


def _signed(request: Request, token: str, to: str) -> Response:
    answer = RedirectResponse(own_path(to), 303)
    answer.set_cookie(
        SESSION,
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def _refused(request: Request, template: str, error: NotSignedIn, **values: object) -> HTMLResponse:
    late = isinstance(error, TooMany)
    answer = page(request, template, "", 429 if late else 422, problem=str(error), **values)
    if isinstance(error, TooMany):
        answer.headers["retry-after"] = str(error.seconds)
    return answer


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(request: Request, next: str = "/queue") -> HTMLResponse:  # noqa: A002 - the name in the address
    """Name and password."""
    return page(request, "sign_in.html", "", next=own_path(next), problem="", named="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    named: Short,
    password: Password,
    next: Annotated[str, Form()] = "/queue",  # noqa: A002
) -> Response:
    """Begin a session and go where the person wanted to go."""
    context = context_of(request)
    try:
        token = context.doors.accounts.sign_in(named.strip().lower(), password, _peer(request), context.now())
    except NotSignedIn as error:
        return _refused(request, "sign_in.html", error, next=own_path(next), named=named)
    return _signed(request, token, next)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session."""
    context_of(request).doors.accounts.end(request.cookies.get(SESSION, ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION)
    return answer


@router.get("/enter", response_class=HTMLResponse)
def enter_page(request: Request, token: str = "") -> HTMLResponse:
    """What a one-time link opens: opening it does nothing yet, so that a scanner of mail uses nothing up."""
    context = context_of(request)
    invited = context.doors.accounts.invited(token, context.now())
    problem = "" if invited else "This link was used already or is older than a day: ask an operator for another."
    return page(request, "enter.html", "", 200 if invited else 410, token=token, invited=invited, problem=problem)


@router.post("/enter")
def enter(request: Request, token: Annotated[str, Form()], password: Password, named: Short = "") -> Response:
    """Make the account of the link's person, and sign them in."""
    context = context_of(request)
    accounts = context.doors.accounts
    try:
        begun = accounts.enter(token, named.strip().lower(), password, context.now())
    except NotSignedIn as error:
        return _refused(request, "enter.html", error, token=token, invited=accounts.invited(token, context.now()))
    return _signed(request, begun, "/queue")


@router.get("/account", response_class=HTMLResponse)
def account(request: Request) -> HTMLResponse:
    """One's own account: password, and the addresses of feeds."""
    return page(request, "account.html", "", problem="")


@router.post("/account")
def change_password(request: Request, old: Password, new: Password) -> Response:
    """Another password; other sessions end."""
    context = context_of(request)
    try:
        token = context.doors.accounts.change_password(reader(request).person, old, new, _peer(request), context.now())
    except NotSignedIn as error:
        return _refused(request, "account.html", error)
    return _signed(request, token, "/account")


@router.get("/people", response_class=HTMLResponse)
def people(request: Request) -> HTMLResponse:
    """Everybody who has an account."""
    return _people(request)


def _people(request: Request, problem: str = "", link: str = "", whose: str = "", status: int = 200) -> HTMLResponse:
    accounts = context_of(request).doors.accounts.all()
    values = {"accounts": accounts, "roles": ROLES, "problem": problem, "link": link, "whose": whose}
    return page(request, "people.html", "", status, **values)


@router.post("/people")
def invite(request: Request, named: Short, role: Short = "reader") -> Response:
    """A one-time link for somebody; for one who has an account it gives a new password."""
    context, me = context_of(request), reader(request).person
    named = named.strip().lower()
    known = context.doors.accounts.of(named)
    try:
        token = context.doors.accounts.invite(named, known.role if known else role, me, context.now())
    except NotSignedIn as error:
        return _people(request, str(error), status=422)
    return _people(request, link=f"{address_of(request)}/enter?token={token}", whose=named)


@router.post("/people/{named}")
def change(request: Request, named: str, role: Short, active: Annotated[bool, Form()] = False) -> Response:
    """Another role, or an account closed or opened again."""
    try:
        context_of(request).doors.accounts.change(named, role, active=active)
    except NotSignedIn as error:
        return _people(request, str(error), status=422)
    return RedirectResponse("/people", 303)
