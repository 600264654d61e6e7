"""The desk's addresses."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import yaml
from fastapi import APIRouter, Cookie, FastAPI, Form, Header, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.staticfiles import StaticFiles

from schemas.facts import DeliveryActKind
from schemas.rules import Rule
from services.desk import queries, saying
from services.desk.context import COUNTRY_NAMES, HERE, Context, head_of_page
from services.desk.requests import HEADERS, refusal
from services.desk.views import pieces, slots_of

PERSON = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
View = Annotated[str, Query(pattern="^(open|unclaimed|ceasefire|sanctions|mine|all)$")]
Theme = Annotated[str, Cookie()]
Who = Annotated[str, Cookie()]
ACT_TOPICS = ("tracking-inbox", "alerting-inbox")


def application(context: Context) -> FastAPI:
    """The desk as one application over a context."""
    app = FastAPI(title="Copytaster desk", docs_url=None, redoc_url=None)
    app.state.context = context
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

    @app.middleware("http")
    async def guarded(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        headers = request.headers
        refused = refusal(request.method, headers.get("host", ""), headers.get("origin"), headers.get("sec-fetch-site"))
        response = PlainTextResponse(refused, 403) if refused else await go_on(request)
        kept = {} if request.url.path.startswith("/static/") else HEADERS
        response.headers.update(kept)
        return response

    @app.exception_handler(saying.Refused)
    async def refused(_: Request, error: saying.Refused) -> Response:
        return PlainTextResponse(str(error), 422)

    @app.exception_handler(TimeoutError)
    async def slow(_: Request, error: TimeoutError) -> Response:
        return PlainTextResponse(
            f"the log did not take it: {error}; it may still arrive, look before you press again", 503
        )

    return app


router = APIRouter()


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


def _person(context: Context, cookie: str) -> str:
    return cookie if PERSON.fullmatch(cookie) else context.settings.person


def _page(
    request: Request, template: str, here: str, cookies: tuple[str, str], status: int = 200, **values: Any
) -> HTMLResponse:
    context = _context(request)
    who, theme = cookies
    with context.db() as db:
        frame = head_of_page(context, db, _person(context, who), theme, here)
    return HTMLResponse(context.pages.get_template(template).render(frame | values), status)


@router.get("/", include_in_schema=False)
def front() -> RedirectResponse:
    """The queue is the front page."""
    return RedirectResponse("/queue")


def _queue_values(
    context: Context, db: sqlite3.Connection, view: str, person: str, dossier: str | None = None
) -> dict[str, Any]:
    found = queries.dossier_page(db, dossier) if dossier else None
    values: dict[str, Any] = {
        "queue": queries.queue(db, view, person),
        "view": view,
        "filters": queries.FILTERS,
        "dossier": found,
    }
    if found and found.steps:
        step = found.alert.lead if found.alert else found.steps[0].step
        values["slots"] = slots_of(step, COUNTRY_NAMES)
    return values


@router.get("/queue", response_class=HTMLResponse, include_in_schema=False)
def queue_page(request: Request, view: View = "open", person: Who = "", theme: Theme = "") -> HTMLResponse:
    """The queue."""
    context = _context(request)
    with context.db() as db:
        values = _queue_values(context, db, view, _person(context, person))
    return _page(request, "queue.html", "/queue", (person, theme), **values)


@router.get("/dossiers/{dossier}", response_class=HTMLResponse, include_in_schema=False)
def dossier(request: Request, dossier: UUID, view: View = "open", person: Who = "", theme: Theme = "") -> HTMLResponse:
    """One dossier beside the queue; on a phone alone."""
    context = _context(request)
    with context.db() as db:
        values = _queue_values(context, db, view, _person(context, person), str(dossier))
    if values["dossier"] is None:
        words = {
            "what": "No such dossier",
            "means": "Nothing is known under this address, or it is still on its way.",
            "back": "/queue",
            "cure": "To the queue",
        }
        return _page(request, "message.html", "/queue", (person, theme), 404, **words)
    return _page(request, "dossier.html", "/queue", (person, theme), **values)


@router.get("/fragments/list", response_class=HTMLResponse, include_in_schema=False)
def fragment_list(request: Request, view: View = "open", person: Who = "", theme: Theme = "") -> HTMLResponse:
    """The rows alone, for the script."""
    context = _context(request)
    with context.db() as db:
        values = _queue_values(context, db, view, _person(context, person))
    return _page(request, "list.html", "/queue", (person, theme), **values)


@router.get("/fragments/row/{dossier}", response_class=HTMLResponse, include_in_schema=False)
def fragment_row(request: Request, dossier: UUID, view: View = "open", person: Who = "") -> HTMLResponse:
    """One row as it stands now, if it belongs to the view; else nothing."""
    context = _context(request)
    with context.db() as db:
        row = queries.row_of_dossier(db, str(dossier))
    if row is None or not queries.in_view(row, view, _person(context, person)):
        return HTMLResponse("")
    macro: Any = context.pages.get_template("pieces.html").module
    return HTMLResponse(macro.row(row, context.now()))


@router.get("/fragments/dossier/{dossier}", response_class=HTMLResponse, include_in_schema=False)
def fragment_dossier(
    request: Request, dossier: UUID, view: View = "open", person: Who = "", theme: Theme = ""
) -> HTMLResponse:
    """The pane of a dossier alone."""
    context = _context(request)
    with context.db() as db:
        values = _queue_values(context, db, view, _person(context, person), str(dossier))
    if values["dossier"] is None:
        raise HTTPException(404)
    return _page(request, "dossier_pane.html", "/queue", (person, theme), **values)


@router.get("/following", response_class=HTMLResponse, include_in_schema=False)
def following(request: Request, person: Who = "", theme: Theme = "") -> HTMLResponse:
    """The dossiers that this person follows."""
    context = _context(request)
    with context.db() as db:
        me = _person(context, person)
        mine = [key for key, hands in queries.hands(db).items() if me in hands.following]
        rows = [row for key in mine if (row := queries.row_of_dossier(db, key))]
    return _page(request, "following.html", "/following", (person, theme), rows=rows)


@router.get("/rules", response_class=HTMLResponse, include_in_schema=False)
def rules_page(
    request: Request,
    template: str = "",
    owner: Annotated[str, Query(alias="person")] = "",
    rule: str = "",
    person: Who = "",
    theme: Theme = "",
) -> HTMLResponse:
    """All rules, and a form to add or change one."""
    context = _context(request)
    with context.db() as db:
        draft = _draft(context, db, template, owner, rule, _person(context, person))
    return _rules(request, draft, "", (person, theme))


def _draft(context: Context, db: sqlite3.Connection, template: str, owner: str, rule: str, me: str) -> dict[str, str]:
    versions = queries.rule_versions(db, owner, rule) if rule else []
    if versions:
        text = context.pages.filters["yaml"](versions[0]["document"])
        return {"person": owner, "rule": rule, "title": versions[0]["title"], "document": text}
    text = context.rule_templates.get(template, "family: ceasefire\n")
    return {"person": me, "rule": template, "title": template.replace("-", " ").capitalize(), "document": text}


def _rules(request: Request, draft: dict[str, str], problem: str, cookies: tuple[str, str]) -> HTMLResponse:
    context = _context(request)
    with context.db() as db:
        known = queries.rules(db)
    values = {"rules": known, "draft": draft, "problem": problem, "templates": sorted(context.rule_templates)}
    return _page(request, "rules.html", "/rules", cookies, 422 if problem else 200, **values)


@router.post("/rules", include_in_schema=False)
def save_rule(
    request: Request,
    owner: Annotated[str, Form(alias="person")],
    rule: Annotated[str, Form()],
    document: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    person: Who = "",
    theme: Theme = "",
) -> Response:
    """Save a rule; one with an error is refused with the line, the value and the cure."""
    context = _context(request)
    draft = {"person": owner, "rule": rule, "title": title, "document": document}
    try:
        _write_rule(context, owner, rule, title, saying.document(document), _person(context, person))
    except (saying.Refused, ValueError) as error:
        return _rules(request, draft, str(error), (person, theme))
    return RedirectResponse("/rules", 303)


def _write_rule(
    context: Context, owner: str, name: str, title: str, document: dict[str, Any], by: str, *, removed: bool = False
) -> None:
    if not removed and (wrong := context.rule_checker(document)):
        raise saying.Refused(" ".join(wrong))
    with context.db() as db:
        before = queries.rule_versions(db, owner, name)
    version = before[0]["version"] + 1 if before else 1
    rule = Rule(rule=name, person=owner, version=version, title=title, document=document, removed=removed)
    context.writer.say("alerting-inbox", f"{owner}/{name}", saying.rule_saved(rule, by, context.now()))


@router.post("/rules/{owner}/{rule}/remove", include_in_schema=False)
def remove_rule(request: Request, owner: str, rule: str, person: Who = "") -> Response:
    """Remove a rule: a version of it that is in force nowhere."""
    context = _context(request)
    with context.db() as db:
        before = queries.rule_versions(db, owner, rule)
    if not before:
        raise saying.Refused(f"{owner}/{rule} is no rule here: look at the list of rules")
    document = yaml.safe_load(before[0]["document"]) or {}
    _write_rule(context, owner, rule, before[0]["title"], document, _person(context, person), removed=True)
    return RedirectResponse("/rules", 303)


@router.get("/sources", response_class=HTMLResponse, include_in_schema=False)
def sources_page(request: Request, person: Who = "", theme: Theme = "") -> HTMLResponse:
    """Every source: silence told from deafness."""
    context = _context(request)
    with context.db() as db:
        states = queries.sources(db, context.now())
    return _page(request, "sources.html", "/sources", (person, theme), sources=states)


@router.get("/delivery", response_class=HTMLResponse, include_in_schema=False)
def delivery_page(request: Request, person: Who = "", theme: Theme = "") -> HTMLResponse:
    """The delivery log."""
    context = _context(request)
    with context.db() as db:
        sent = queries.deliveries(db)
    return _page(request, "delivery.html", "/delivery", (person, theme), deliveries=sent)


@router.post("/delivery/{what}", include_in_schema=False)
def pause_or_resume(request: Request, what: str, reason: Annotated[str, Form()] = "", person: Who = "") -> Response:
    """Pause or resume all sending."""
    context = _context(request)
    if what not in ("pause", "resume"):
        raise HTTPException(404)
    fact = saying.sending(DeliveryActKind(what), _person(context, person), reason, context.now())
    context.writer.say("delivery-acts", "all", fact)
    return RedirectResponse("/delivery", 303)


@router.get("/why", response_class=HTMLResponse, include_in_schema=False)
def why(request: Request, url: str = "", person: Who = "", theme: Theme = "") -> HTMLResponse:
    """Where an address went and where it stopped."""
    context = _context(request)
    with context.db() as db:
        found = queries.story_of_url(db, url) if url else {}
    return _page(request, "why.html", "/why", (person, theme), url=url, found=found)


@router.post("/feedback", include_in_schema=False)
def report(
    request: Request,
    url: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
    person: Who = "",
    theme: Theme = "",
) -> Response:
    """Report a miss."""
    context = _context(request)
    me = _person(context, person)
    context.writer.say("feedback-given", me, saying.missed(url, note, me, context.now()))
    words = {"what": "Reported", "means": "It is kept as a test case.", "back": "/queue", "cure": "To the queue"}
    return _page(request, "message.html", "/why", (person, theme), 200, **words)


@router.post("/acts", include_in_schema=False)
async def take_act(request: Request, person: Who = "") -> Response:
    """One act of this person; answers when this desk has read it back."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    return await _in_thread(_take_act, _context(request), form, person)


def _take_act(context: Context, form: dict[str, str], cookie: str) -> Response:
    fact = saying.act(form, _person(context, cookie), context.now())
    for topic in ACT_TOPICS:
        context.writer.say(topic, str(fact.act.dossier or fact.id), fact)
    return JSONResponse({"id": str(fact.id), "words": saying.WORDS.get(fact.act.kind, "Done.")})


async def _in_thread(function: Callable[..., Response], *arguments: Any) -> Response:
    from starlette.concurrency import run_in_threadpool

    return await run_in_threadpool(function, *arguments)


@router.get("/live", response_class=EventSourceResponse, include_in_schema=False)
async def live(
    request: Request, after: str = "", last_event_id: Annotated[str | None, Header()] = None
) -> AsyncIterable[ServerSentEvent]:
    """What changed, as it changes; `gap` tells the page to read the list again."""
    context = _context(request)
    hub, here = context.hub, last_event_id or after
    yield ServerSentEvent(raw_data=context.build, event="build", retry=2000)
    if hub.since(here) is None:
        here = hub.now()
        yield ServerSentEvent(raw_data="", event="gap", id=here)
    async for change in hub.follow(here):
        if change is None:
            yield ServerSentEvent(raw_data="", event="beat")
        else:
            data = {"touched": sorted(change.touched), "urgent": ""}
            yield ServerSentEvent(data=data, event="change", id=f"{hub.run}.{change.number}")


@router.get("/api/alerts")
def api_alerts(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    person: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, list[dict[str, Any]]]:
    """The latest alerts, newest first."""
    with _context(request).db() as db:
        found = queries.alerts(db, limit, person)
    return {"alerts": [_api_alert(alert) for alert in found]}


def _api_alert(alert: Any) -> dict[str, Any]:
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
