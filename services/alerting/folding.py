"""The steps that one person gets from one version of one article are one alert: which of them leads, and all that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from schemas import ids
from schemas.alerts import Alert, MatchedRule, Route, Words
from schemas.articles import Head
from schemas.entities import Entity
from schemas.families import families
from schemas.steps import Kind, Step
from services.alerting.rules.document import RuleDocument
from services.alerting.telling import slots_of, telling_of
from services.alerting.words import also_line, lines

LESS = {"actual": 0, "scheduled": 1, "conditional": 2}
URGENT_LEAD = 8
CORRECTING = (Kind.contradicted, Kind.corrected, Kind.retracted)


@dataclass(frozen=True)
class Due:
    """One step that a person is to get, with the rules by which."""

    step: Step
    rules: tuple[MatchedRule, ...]
    routes: tuple[Route, ...] = ()
    replaces: UUID | None = None


@dataclass(frozen=True)
class Report:
    """What all alerts of one message share. `version` is that of the article, or what stands for it; `silence` says that a term passed unheard."""

    version: UUID
    at: datetime
    head: Head | None = None
    entities: tuple[Entity, ...] = field(default=())
    silence: bool = False


def lead_of(step: Step) -> int:
    """How far in front a step stands (9 first): its status's lead, less 1 if scheduled, 2 if conditional, 3 if not actual in another way."""
    return families()[step.family].statuses[step.status].lead - LESS.get(step.reality, 3)


def is_urgent(step: Step) -> bool:
    """Lead 8 or 9, actual and affirmed, from tier 0 or 1 or from two independent origins."""
    stated = step.reality == "actual" and step.polarity == "affirmed" and step.kind not in CORRECTING
    sourced = step.best_tier <= 1 or len(step.origins) >= 2
    return stated and sourced and families()[step.family].statuses[step.status].lead >= URGENT_LEAD


Worded = dict[tuple[UUID, ...], Words]


def folded(person: str, due: Sequence[Due], report: Report, worded: Worded | None = None) -> Alert:
    """The one alert of these steps for this person; `worded` keeps the words of one report, which are the same for everybody."""
    first, *rest = sorted(due, key=lambda each: (-lead_of(each.step), each.step.place))
    lead = first.step
    steps = tuple(each.step.id for each in (first, *rest))
    known = {} if worded is None else worded
    if steps not in known:
        known[steps] = words_of(lead, [each.step for each in rest], report)
    return Alert(
        id=ids.alert_id(person, report.version, lead.dossier.id),
        person=person,
        conversation=ids.derive("conversation", person, lead.dossier.id),
        replaces=first.replaces,
        head=report.head,
        lead=lead,
        also=tuple(each.step for each in rest),
        rules=_merged(tuple(rule for each in due for rule in each.rules)),
        words=known[steps],
        urgent=not report.silence and any(is_urgent(each.step) for each in due),
        routes=_routes(due),
        raised_for=report.at,
    )


def words_of(lead: Step, rest: Sequence[Step], report: Report) -> Words:
    """All words of an alert, made once; channels only render them."""
    telling = telling_of(lead, report.head, report.entities)
    telling = replace(telling, kind="silence") if report.silence else telling
    first, second = lines(telling)
    tellings = [telling_of(step, report.head, report.entities) for step in rest]
    return Words(
        first_line=first,
        second_line=second,
        also=tuple(also_line(each, telling.title) for each in tellings),
        contradicts=_contradicts(lead),
        slots=slots_of(lead),
        why_now="its term has passed and nothing was heard" if report.silence else _why_now(lead),
        held_back=f"{lead.held_back} restatement{'s' if lead.held_back != 1 else ''} hidden" if lead.held_back else "",
    )


def routes_of(rule: RuleDocument) -> tuple[Route, ...]:
    """How alerts of a rule travel; quiet hours stand in every route."""
    quiet = rule.quiet
    hours = (
        {"quiet_from": quiet.since, "quiet_until": quiet.until, "zone": quiet.zone, "urgent_too": quiet.urgent_too}
        if quiet
        else {}
    )
    if not rule.channels:
        return (Route.model_validate({"channel": "", **hours}),)
    return tuple(
        Route.model_validate(
            {"channel": each.name, "only_urgent": each.only == "urgent", "digest": each.digest, **hours}
        )
        for each in rule.channels
    )


def _merged(rules: Sequence[MatchedRule]) -> tuple[MatchedRule, ...]:
    if len(rules) == 1:  # for most of ten thousand persons it is
        return tuple(rules)
    return tuple({rule.rule: rule for rule in reversed(rules)}.values())[::-1]


def _routes(due: Sequence[Due]) -> tuple[Route, ...]:
    if len(due) == 1 and len(due[0].routes) == 1:
        return due[0].routes
    return tuple(dict.fromkeys(route for each in due for route in each.routes))


def _contradicts(lead: Step) -> str | None:
    if lead.kind not in CORRECTING:
        return None
    before = next((past for past in lead.before if past.id == lead.of), None)
    said = f"{(before.status if before else lead.status).replace('_', ' ')}"
    when = f", told {before.at:%d %b %H:%M} UTC" if before else ""
    return f"An earlier alert said: {said}{when}"


_WHY_NOW = {
    Kind.new: "older reports of the same: none",
    Kind.advanced: "the dossier has got further than before",
    Kind.stepped_back: "the dossier has gone back a rung",
    Kind.again: "the same status with other particulars",
    Kind.contradicted: "it contradicts what was told",
    Kind.corrected: "the report that it rested on was changed",
    Kind.retracted: "a person on the desk took it back",
    Kind.corroborated: "another independent origin says the same",
    Kind.upgraded: "it is surer than when it was first said",
}


def _why_now(lead: Step) -> str:
    return _WHY_NOW.get(lead.kind, lead.reason.replace("_", " "))
