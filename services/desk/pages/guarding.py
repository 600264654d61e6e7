"""What stands before every page: foreign requests are refused, people are known, roles are kept, answers carry their headers."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.desk.context import Context
from services.desk.people.doors import SESSION, Asked, Identity
from services.desk.requests import HEADERS, SAFE_METHODS, refusal, role_for

OPEN_TO_ALL = ("/static/", "/sign-in", "/enter")
FOR_PROGRAMS = ("/fragments/", "/live", "/api/", "/acts")


class Guard:
    """The desk's only middleware. Plain ASGI, so that a stream ends when its page goes."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        self._app, self._context = app, context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on with who sends it in `scope["state"]["who"]`."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = self._stopped(scope)
        await (answer or self._app)(scope, receive, _with_headers(scope["path"], send))

    def _stopped(self, scope: Scope) -> Response | None:
        asked, doors, method = asked_by(scope), self._context.doors, scope["method"]
        headers = asked.headers
        refused = refusal(
            method,
            headers.get("host", ""),
            headers.get("origin"),
            headers.get("sec-fetch-site"),
            self._context.settings.names,
        )
        if refused:
            return PlainTextResponse(refused, 403)
        who = doors.who(asked, self._context.now())
        scope.setdefault("state", {})["who"] = who or Identity("nobody", "reader")
        if asked.path.startswith(OPEN_TO_ALL):
            return None
        if who is None:
            return _sign_in_first(asked, method, scope["query_string"].decode("latin-1"))
        if (
            method not in SAFE_METHODS
            and SESSION in asked.cookies
            and not (headers.get("origin") or headers.get("sec-fetch-site"))
        ):
            return PlainTextResponse(
                "a request that changes something says where it comes from: act on the desk's own page", 403
            )
        needed = role_for(method, asked.path)
        if not who.may(needed):
            return PlainTextResponse(
                f"{who.person} is {who.role} here, and this is for {needed}s: ask an operator for that role", 403
            )
        return None


def asked_by(scope: Scope) -> Asked:
    """Of a request what says who sends it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        cookies = {name: each.value for name, each in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        cookies = {}
    key = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
    return Asked(scope["path"], (scope.get("client") or ("", 0))[0], cookies, headers, key)


def _sign_in_first(asked: Asked, method: str, query: str) -> Response:
    """Say so and keep the address."""
    if asked.path.startswith(FOR_PROGRAMS) or method not in SAFE_METHODS:
        return PlainTextResponse("you are signed out: sign in again, this page keeps its address", 401)
    address = f"{asked.path}?{query}" if query else asked.path
    return RedirectResponse(f"/sign-in?next={quote(address, safe='')}", 303)


def _with_headers(path: str, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and not path.startswith("/static/"):
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return sending
