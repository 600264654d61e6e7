"""What waits for a minute to pass: steps under embargo, terms after which something should be heard, alerts that nobody acknowledged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from schemas import ids
from schemas.alerts import Alert, MatchedRule
from schemas.assertions import DateSlot
from schemas.steps import TOLD, Step
from services.alerting.folding import CORRECTING, Report
from services.alerting.rules.clauses import SILENCE
from services.alerting.rules.subject import is_done, subject_of
from services.alerting.state import Memory, Values

COURSE = 20
"""Steps of a dossier that are remembered for rules over a sequence."""
Changes = dict[str, Values]


def escalations(memory: Memory, alerts: Sequence[Alert]) -> Changes:
    """What is remembered of alerts whose rules name somebody to tell when nobody acknowledges them in time."""
    found: Changes = {}
    for alert in alerts:
        for rule in alert.rules:
            asked = memory.rules.get(alert.person, rule.rule)
            next_one = asked.document.escalate if asked else None
            if next_one is not None:
                due = alert.raised_for + next_one.after
                found[f"escalate:{alert.id}"] = (due.isoformat(), next_one.to, alert.model_dump_json())
    return found


def escalated(memory: Memory, minute: datetime, minute_id: UUID) -> Iterator[tuple[str, Alert | None]]:
    """By name, what was due by this minute: the alert for the next person, or None where somebody has acknowledged it."""
    for name, (due, to, raw) in memory.named("escalate"):
        if datetime.fromisoformat(due) > minute:
            continue
        alert = Alert.model_validate_json(raw)
        seen = bool(memory.recall("seen", str(alert.id)))
        yield f"escalate:{name}", None if seen else _for_next(alert, to, minute, minute_id)


def _for_next(alert: Alert, to: str, minute: datetime, minute_id: UUID) -> Alert:
    dossier = alert.lead.dossier.id
    why = f"{alert.person} has not acknowledged it since {alert.raised_for:%H:%M} UTC"
    rule = MatchedRule(rule="escalation", version=1, title="Nobody acknowledged it", because=(why,))
    return alert.model_copy(
        update={
            "id": ids.alert_id(to, minute_id, dossier),
            "person": to,
            "conversation": ids.derive("conversation", to, dossier),
            "replaces": None,
            "rules": (rule,),
            "routes": (),
            "raised_for": minute,
        }
    )


def courses(memory: Memory, steps: Sequence[Step], at: datetime) -> Changes:
    """What is remembered of each dossier's course, so that a rule over a sequence sees further back than a step itself says."""
    found: Changes = {}
    for step in steps:
        if step.kind in TOLD and step.kind not in CORRECTING and is_done(step):
            name = f"course:{step.dossier.id}"
            before = found.get(name) or memory.recall("course", str(step.dossier.id))
            found[name] = (*before, f"{step.status} {at.isoformat()}")[-COURSE:]
    return found


def waits(memory: Memory, steps: Sequence[Step], report: Report) -> Changes:
    """What is remembered of terms: whose rule waits for what comes of this step; and what is heard ends former waits on its dossier."""
    found: Changes = {}
    for step in steps:
        if step.kind in TOLD:
            found |= {f"wait:{name}": () for name, _ in memory.named("wait") if name.startswith(f"{step.dossier.id}:")}
    for step in steps:
        if step.kind in TOLD and step.assertion is not None:
            found |= _waits_for(memory, step, report)
    return found


def _waits_for(memory: Memory, step: Step, report: Report) -> Changes:
    subject = replace(subject_of(step, report.head, report.entities, report.at), kind=SILENCE)
    found: Changes = {}
    for rule in memory.rules.matching(subject):
        absence = rule.document.absence
        term = _term(getattr(step.assertion, absence.of)) if absence else None
        if absence and term is not None and term + absence.after > report.at:
            due = (term + absence.after).isoformat()
            found[f"wait:{step.dossier.id}:{rule.saved.person}:{rule.saved.rule}"] = (due, step.model_dump_json())
    return found


def _term(slot: DateSlot | None) -> datetime | None:
    """The moment of a term as exact as a day; an hour without a zone cannot be waited for, nor can a month."""
    if slot is None:
        return None
    try:
        moment = datetime.fromisoformat(slot.iso)
    except ValueError:
        return None
    if moment.tzinfo is None and len(slot.iso) == len("2025-03-17"):
        moment = datetime.fromisoformat(f"{slot.iso}T23:59:59+00:00")
    return moment if moment.tzinfo is not None else None


def unheard(memory: Memory, minute: datetime) -> Iterator[tuple[str, str, str, Step]]:
    """By name, whose rule waited in vain until this minute, and for what came of which step."""
    for name, (due, raw) in memory.named("wait"):
        if datetime.fromisoformat(due) <= minute:
            _, person, rule = name.split(":")
            yield f"wait:{name}", person, rule, Step.model_validate_json(raw)
