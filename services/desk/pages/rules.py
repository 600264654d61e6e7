"""Rules: each as a sentence, with its versions; a draft with what it would have done; two people at once."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from schemas.rules import Rule
from services.alerting.rules.document import RuleDocument
from services.alerting.rules.reading import RuleError
from services.desk import queries, saying
from services.desk.backtest import BackTest, back_test
from services.desk.context import Context
from services.desk.pages.frame import context_of, page, reader
from services.desk.rulebook import read_document, rule_problems
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
    values = {
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


def _would(context: Context, db: sqlite3.Connection, text: str) -> BackTest | None:
    try:
        document = read_document(text)
    except RuleError:
        return None
    return back_test(document, queries.kept_steps(db, context.now() - LOOKED_BACK))


@router.post("/rules")
def save_rule(
    request: Request,
    owner: Annotated[str, Form(alias="person")],
    rule: Annotated[str, Form()],
    document: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    started_from: Annotated[int, Form()] = 0,
    do: Annotated[str, Form()] = "save",
) -> Response:
    """Save a rule, or only try it; one with an error is refused with the line, the value and the cure."""
    draft = Draft(owner, rule, title, document, started_from)
    if do == "try":
        return _answer(request, draft, _problem(document))
    try:
        _save(context_of(request), draft, reader(request).person)
    except (saying.Refused, ValueError) as error:
        return _answer(request, draft, str(error), status=422)
    return RedirectResponse("/rules", 303)


def _problem(text: str) -> str:
    try:
        read_document(text)
    except RuleError as error:
        return str(error)
    return ""


def _save(context: Context, draft: Draft, by: str) -> None:
    try:
        body = read_document(draft.document)
    except RuleError as error:
        raise saying.Refused(str(error)) from error
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
