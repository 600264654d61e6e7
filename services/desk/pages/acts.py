"""What people do, and the stream by which every open page hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from services.desk import saying
from services.desk.context import Context
from services.desk.pages.frame import context_of, reader

ACT_TOPICS = ("tracking-inbox", "alerting-inbox")
router = APIRouter(include_in_schema=False)


@router.post("/acts")
async def take_act(request: Request) -> Response:
    """One act of this person; answers when this desk has read it back."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    answer = await run_in_threadpool(_take_act, context_of(request), form, reader(request).person)
    if "x-fragment" in request.headers:
        return answer
    return RedirectResponse(f"/dossiers/{form['dossier']}" if form.get("dossier") else "/queue", 303)


def _take_act(context: Context, form: dict[str, str], person: str) -> Response:
    fact = saying.act(form, person, context.now())
    for topic in ACT_TOPICS:
        context.writer.say(topic, str(fact.act.dossier or fact.id), fact)
    if feedback := saying.found_wrong(fact.act):
        context.writer.say("feedback-given", person, feedback)
    return JSONResponse({"id": str(fact.id), "words": saying.words_of(fact.act)})


@router.get("/live", response_class=EventSourceResponse)
async def live(
    request: Request, after: str = "", last_event_id: Annotated[str | None, Header()] = None
) -> AsyncIterable[ServerSentEvent]:
    """What changed, as it changes; `gap` tells the page to read the list again."""
    context = context_of(request)
    hub, here = context.hub, last_event_id or after
    yield ServerSentEvent(raw_data=context.build, event="build")
    if hub.since(here) is None:
        here = hub.now()
        yield ServerSentEvent(raw_data="", event="gap", id=here)
    async for change in hub.follow(here):
        if change is None:
            yield ServerSentEvent(raw_data=f"{context.now().timestamp():.0f}", event="beat")
        else:
            data = {"touched": sorted(change.touched)}
            yield ServerSentEvent(data=data, event="change", id=f"{hub.run}.{change.number}")
