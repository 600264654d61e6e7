"""The facts that the desk writes for people: pure, from what was pressed to what is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import yaml

from schemas.acts import Act, ActKind
from schemas.base import Meta
from schemas.facts import ActTaken, DeliveryActed, DeliveryActKind, FeedbackGiven, RuleSaved
from schemas.ids import derive, trace_id
from schemas.rules import Rule

MUTE = timedelta(hours=8)
WORDS = {
    ActKind.acknowledge: "Acknowledged.",
    ActKind.claim: "It is yours.",
    ActKind.release: "Released.",
    ActKind.confirm: "Confirmed: read at the source.",
    ActKind.wrong: "Noted as wrong.",
    ActKind.follow: "Following.",
    ActKind.unfollow: "No longer following.",
    ActKind.mute: "Muted for 8 hours, unless its status changes.",
    ActKind.undo: "Taken back.",
}


class Refused(ValueError):  # noqa: N818 - what the page says
    """What a person sent cannot be said; the text names the value, the rule and the cure."""


def root(of: UUID, now: datetime) -> Meta:
    """The meta of what a person began."""
    return Meta(trace=trace_id(of), root_at=now)


def act(form: dict[str, str], person: str, now: datetime) -> ActTaken:
    """The act that a form asks for. Raises `Refused`."""
    kind = form.get("kind", "")
    if kind not in set(ActKind):
        raise Refused(f"{kind[:40]!r} is no act: it is one of {', '.join(ActKind)}")
    identity = derive("act", person, now.isoformat(), uuid4())
    return ActTaken(
        id=identity,
        meta=root(identity, now),
        act=Act(
            act=identity,
            kind=ActKind(kind),
            person=person,
            at=now,
            dossier=uuid_or_none(form.get("dossier"), "dossier"),
            alert=uuid_or_none(form.get("alert"), "alert"),
            undoes=uuid_or_none(form.get("undoes"), "undoes"),
            until=now + MUTE if kind == ActKind.mute else None,
            but_tell_if_status_changes=kind == ActKind.mute,
            answer=(form.get("answer") or None),
            reason=form.get("reason", "")[:500],
        ),
    )


def uuid_or_none(text: str | None, name: str) -> UUID | None:
    """The id in a form's field; None when empty. Raises `Refused`."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused(f"{name} {text[:40]!r} is no id: use the one that the page gives") from error


def document(text: str) -> dict[str, Any]:
    """A rule's document from its YAML. Raises `Refused` with the line."""
    try:
        read = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise Refused(f"{line}{getattr(error, 'problem', error)}: write `clause: value`, one a line") from error
    if not isinstance(read, dict):
        raise Refused(f"a rule is a list of clauses as `clause: value`, not {str(read)[:60]!r}")
    return read


def rule_saved(rule: Rule, by: str, now: datetime) -> RuleSaved:
    """A saved version of a rule."""
    identity = derive("rule-saved", rule.person, rule.rule, rule.version, now.isoformat())
    return RuleSaved(id=identity, meta=root(identity, now), rule=rule, by=by, at=now)


def sending(kind: DeliveryActKind, by: str, reason: str, now: datetime) -> DeliveryActed:
    """Pause or resume of all sending."""
    identity = derive("delivery-act", kind, by, now.isoformat())
    return DeliveryActed(id=identity, meta=root(identity, now), kind=kind, by=by, at=now, reason=reason[:200])


def missed(url: str, note: str, person: str, now: datetime) -> FeedbackGiven:
    """A report that an alert was missed."""
    identity = derive("feedback", person, url, now.isoformat())
    return FeedbackGiven(
        id=identity, meta=root(identity, now), person=person, at=now, kind="missed", url=url[:2000], note=note[:500]
    )
