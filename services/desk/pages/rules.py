"""Rules: each as a sentence, with its versions; a draft with what it would have done; two people at once."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import yaml
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from schemas.families import families
from schemas.rules import Rule
from services.alerting.rules.document import RuleDocument
from services.alerting.rules.matching import compiled, failing_examples
from services.alerting.rules.reading import RuleError
from services.desk import builder, queries, saying
from services.desk.backtest import BackTest, back_test
from services.desk.context import Context
from services.desk.feed import atom
from services.desk.pages.frame import address_of, context_of, page, reader
from services.desk.queries import looking
from services.desk.rulebook import read_document, rule_problems, state_names
from services.desk.sentence import Words, differences, sentence_of

LOOKED_BACK = timedelta(days=30)
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Draft:
    """What stands in the form. `started_from` is the version that the person had before their eyes; 0: none."""

    person: str
    rule: str = ""
    title: str = ""
    document: str = "family: ceasefire\nkind: advances\n"
    started_from: int = 0


@dataclass(frozen=True)
class Shown:
    """A rule in force, as the page shows it."""

    row: sqlite3.Row
    sentence: tuple[Words, ...]
    versions: tuple[tuple[sqlite3.Row, tuple[str, ...]], ...]
    problem: str = ""


@router.get("/rules", response_class=HTMLResponse)
def rules_page(
    request: Request,
    template: str = "",
    owner: Annotated[str, Query(alias="person")] = "",
    rule: str = "",
) -> HTMLResponse:
    """All rules, and a form to add or change one."""
    context, me = context_of(request), reader(request).person
    with context.db() as db:
        draft = _draft(context, db, template, owner, rule, me)
    return _answer(request, draft)


def _draft(context: Context, db: sqlite3.Connection, template: str, owner: str, rule: str, me: str) -> Draft:
    versions = queries.rule_versions(db, owner, rule) if rule else []
    if versions:
        text = context.pages.filters["yaml"](versions[0]["document"])
        return Draft(owner, rule, versions[0]["title"], text, versions[0]["version"])
    if template in context.rule_templates:
        title = template.replace("-", " ").capitalize()
        return Draft(me, template, title, context.rule_templates[template])
    return Draft(me)


def _answer(request: Request, draft: Draft, problem: str = "", *, status: int = 200) -> HTMLResponse:
    context = context_of(request)
    with context.db() as db:
        shown = [_shown(db, row) for row in queries.rules(db)]
        would = _would(context, db, draft.document)
    slots = _slots(draft.document)
    values = {
        "slots": slots,
        "were": draft.document,
        "statuses": builder.choices(slots.family if slots else ()),
        "names": sorted(state_names().values()),
        "happening": builder.HAPPENING,
        "sure": builder.SURE,
        "family_names": {name: family.title for name, family in families().items()},
        "bars": _bars(would, context.now()) if would else [],
        "rules": shown,
        "draft": draft,
        "problem": problem,
        "would": would,
        "sentence": _sentence(draft.document),
        "templates": sorted(context.rule_templates),
    }
    return page(request, "rules.html", "/rules", status, **values)


def _shown(db: sqlite3.Connection, row: sqlite3.Row) -> Shown:
    versions = queries.rule_versions(db, row["person"], row["rule"])
    read = [json.loads(version["document"]) for version in versions]
    changes = [differences(before, after) for after, before in zip(read, [*read[1:], {}], strict=True)]
    return Shown(row, _aloud(read[0]), tuple(zip(versions, changes, strict=True)), " ".join(rule_problems(read[0])))


def _aloud(document: dict[str, Any]) -> tuple[Words, ...]:
    """The sentence; empty for a document of a later or earlier desk that this one cannot read."""
    try:
        return sentence_of(RuleDocument.model_validate(document))
    except ValidationError:
        return ()


def _sentence(text: str) -> tuple[Words, ...]:
    try:
        return _aloud(read_document(text))
    except RuleError:
        return ()


def _slots(text: str) -> builder.Slots | None:
    """The slots of a text, None where it cannot be read."""
    try:
        return builder.slots_of(read_document(text))
    except (RuleError, ValidationError):
        return None


def _bars(would: BackTest, now: datetime) -> list[tuple[str, int, int]]:
    """Of each of the 30 days the alerts by day and at night, oldest first."""
    days = [(now - timedelta(days=back)).date() for back in range(29, -1, -1)]
    return [(f"{day:%d %b}", *would.by_day.get(day, (0, 0))) for day in days]


def _would(context: Context, db: sqlite3.Connection, text: str) -> BackTest | None:
    try:
        document = read_document(text)
    except RuleError:
        return None
    asked = RuleDocument.model_validate(document).family
    return back_test(document, context.kept.since(db, context.now() - LOOKED_BACK, asked))


@router.post("/rules")
async def save_rule(request: Request) -> Response:
    """Save a rule, or only try it; one with an error is refused with the line, the value and the cure.

    `slots` in the form says that the sentence was sent, too: what was changed in it is put into the text.
    """
    form = await request.form()
    sent = {name: [str(value) for value in form.getlist(name)] for name in form}
    return await run_in_threadpool(_take_rule, request, sent)


def _take_rule(request: Request, sent: dict[str, list[str]]) -> Response:
    one = {name: values[0] for name, values in sent.items()}
    number = one.get("started_from", "0")
    draft = Draft(
        person=one.get("person", ""),
        rule=one.get("rule", ""),
        title=one.get("title", ""),
        document=_text_of(one.get("document", ""), sent),
        started_from=int(number) if number.isdecimal() and len(number) < 9 else 0,
    )
    if one.get("do", "save") == "try":
        return _answer(request, draft, _problem(draft.document))
    try:
        _save(context_of(request), draft, reader(request).person, one.get("do", "save"))
    except (saying.Refused, ValueError) as error:
        return _answer(request, draft, str(error), status=422)
    return RedirectResponse("/rules", 303)


def _text_of(text: str, sent: dict[str, list[str]]) -> str:
    """The text, with what was changed in the sentence; the text as it is where it cannot be read."""
    before = _slots(sent.get("were", [text])[0])
    if "slots" not in sent or before is None:
        return text
    after = builder.answered(sent)
    try:
        body = read_document(text)
        if before == after:
            return text
        return yaml.safe_dump(builder.with_slots(body, before, after), sort_keys=False, allow_unicode=True)
    except RuleError:
        return text


def _problem(text: str) -> str:
    try:
        read_document(text)
    except RuleError as error:
        return str(error)
    return ""


def _save(context: Context, draft: Draft, by: str, how: str) -> None:
    try:
        body = read_document(draft.document)
    except RuleError as error:
        raise saying.Refused(str(error)) from error
    failing = failing_examples(compiled(Rule(rule="draft", person="draft", version=1, document=body)))
    if how == "alert" and failing:
        raise saying.Refused(
            f"alerting opens when every example holds, and one does not: {failing[0]}. Save it for the queue only"
        )
    body = {"queue": builder.queue_only, "alert": builder.alerting}.get(how, dict)(body)
    _write(context, draft, body, by)


def _write(context: Context, draft: Draft, body: dict[str, Any], by: str, *, removed: bool = False) -> None:
    if not removed and (wrong := context.rule_checker(body)):
        raise saying.Refused(" ".join(wrong))
    with context.db() as db:
        versions = queries.rule_versions(db, draft.person, draft.rule)
    newest = versions[0] if versions else None
    if newest and newest["version"] != draft.started_from and not (newest["removed"] and not draft.started_from):
        raise saying.Refused(
            saying.someone_else(newest["saved_by"], newest["version"], newest["at"], draft.started_from)
        )
    rule = Rule(
        rule=draft.rule,
        person=draft.person,
        version=newest["version"] + 1 if newest else 1,
        title=draft.title,
        document=body,
        removed=removed,
    )
    context.writer.say("alerting-inbox", f"{draft.person}/{draft.rule}", saying.rule_saved(rule, by, context.now()))


@router.post("/rules/{owner}/{rule}/remove")
def remove_rule(request: Request, owner: str, rule: str, started_from: Annotated[int, Form()] = 0) -> Response:
    """Remove a rule: a version of it that is in force nowhere."""
    context = context_of(request)
    with context.db() as db:
        before = queries.rule_versions(db, owner, rule)
    if not before:
        raise saying.Refused(f"{owner}/{rule} is no rule here: look at the list of rules")
    draft = Draft(owner, rule, before[0]["title"], "", started_from)
    _write(context, draft, json.loads(before[0]["document"]), reader(request).person, removed=True)
    return RedirectResponse("/rules", 303)


@router.get("/rules/{owner}/{rule}/steps.atom")
def rule_as_feed(request: Request, owner: str, rule: str) -> Response:
    """What a rule told, as an Atom feed."""
    context = context_of(request)
    with context.db() as db:
        alerts = looking.alerts_of_rule(db, owner, rule)
    feed = atom(f"{owner} / {rule}", address_of(request), alerts, context.now())
    return Response(feed, media_type="application/atom+xml")
