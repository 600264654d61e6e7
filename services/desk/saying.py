"""The facts that the desk writes for people: pure, from what was pressed to what is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from schemas.acts import Act, ActKind
from schemas.base import Meta
from schemas.facts import ActTaken, DeliveryActed, DeliveryActKind, FeedbackGiven, RuleSaved, SourceConfigured
from schemas.ids import derive, trace_id
from schemas.rules import Rule
from schemas.sources import Source


@dataclass(frozen=True)
class Mute:
    """One way to mute a dossier: for how long (None: without an end), and whether a new status breaks it."""

    words: str
    length: timedelta | None
    but_tell: bool


MUTES = {
    "8h": Mute("8 hours, but tell me if its status changes", timedelta(hours=8), but_tell=True),
    "24h": Mute("24 hours, but tell me if its status changes", timedelta(hours=24), but_tell=True),
    "open": Mute("Without an end, but tell me if its status changes", None, but_tell=True),
    "8h-all": Mute("8 hours, whatever happens", timedelta(hours=8), but_tell=False),
}
WORDS = {
    ActKind.acknowledge: "Acknowledged.",
    ActKind.claim: "It is yours.",
    ActKind.release: "Released.",
    ActKind.confirm: "Confirmed.",
    ActKind.wrong: "Noted as wrong.",
    ActKind.follow: "Following.",
    ActKind.unfollow: "No longer following.",
    ActKind.unmute: "No longer muted.",
    ActKind.retract: "Retracted. Everybody who was told is told so.",
    ActKind.merge: "Merged.",
    ActKind.divide: "Split off.",
    ActKind.undo: "Taken back.",
}
CHECKS = {
    "read_at_source": "Read at the source",
    "speaker_may_speak": "Speaker may speak for the party",
    "other_side_asked": "Other side asked",
    "second_origin_independent": "Second origin is independent",
}
WRONG = {"type": "Wrong type", "not_new": "Not new", "not_true": "Not true", "not_for_me": "Not for me"}


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
    if kind == ActKind.retract and not form.get("reason", "").strip():
        raise Refused("a retraction says why: write the reason that everybody who was told will read")
    identity = derive("act", person, now.isoformat(), uuid4())
    mute = MUTES.get(form.get("answer", ""), MUTES["8h"]) if kind == ActKind.mute else None
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
            other=uuid_or_none(form.get("other"), "other dossier"),
            step=uuid_or_none(form.get("step"), "step"),
            until=now + mute.length if mute and mute.length else None,
            but_tell_if_status_changes=bool(mute and mute.but_tell),
            answer=(form.get("answer") or None),
            reason=form.get("reason", "")[:500],
        ),
    )


def words_of(act: Act) -> str:
    """What the page says once an act is recorded."""
    if act.kind == ActKind.mute:
        words = MUTES.get(act.answer or "", MUTES["8h"]).words
        return f"Muted: {words[:1].lower()}{words[1:]}."
    named = (CHECKS if act.kind == ActKind.confirm else WRONG).get(act.answer or "")
    if act.kind in (ActKind.confirm, ActKind.wrong) and named:
        return f"Noted: {named[:1].lower()}{named[1:]}."
    return WORDS.get(act.kind, "Done.")


def uuid_or_none(text: str | None, name: str) -> UUID | None:
    """The id in a form's field; None when empty. Raises `Refused`."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused(f"{name} {text[:40]!r} is no id: use the one that the page gives") from error


def someone_else(by: str, version: int, at: str, started_from: int) -> str:
    """What the second of two people is told who changed one rule: nothing is overwritten."""
    began = f"you started from version {started_from}" if started_from else "you started a new one"
    return (
        f"{by} saved version {version} of this rule at {at[11:16]} UTC, and {began}: nothing was overwritten. "
        "Open the rule anew with “Change”, put your change into it and save again"
    )


def rule_saved(rule: Rule, by: str, now: datetime) -> RuleSaved:
    """A saved version of a rule."""
    identity = derive("rule-saved", rule.person, rule.rule, rule.version, now.isoformat())
    return RuleSaved(id=identity, meta=root(identity, now), rule=rule, by=by, at=now)


def sending(kind: DeliveryActKind, by: str, reason: str, now: datetime) -> DeliveryActed:
    """Pause or resume of all sending."""
    identity = derive("delivery-act", kind, by, now.isoformat())
    return DeliveryActed(id=identity, meta=root(identity, now), kind=kind, by=by, at=now, reason=reason[:200])


def resend(alert: str, person: str, channel: str, by: str, now: datetime) -> DeliveryActed:
    """One alert goes again to one person by one channel. Raises `Refused`."""
    identity = derive("resend", alert, person, channel, by, now.isoformat())
    return DeliveryActed(
        id=identity,
        meta=root(identity, now),
        kind=DeliveryActKind.resend,
        by=by,
        at=now,
        person=person,
        channel=channel,
        alert=uuid_or_none(alert, "alert"),
    )


def found_wrong(act: Act) -> FeedbackGiven | None:
    """What an answer to “Wrong…” says of the detector, as a test case; None for other acts."""
    if act.kind != ActKind.wrong or act.answer not in WRONG:
        return None
    kind = {"type": "wrong_type"}.get(act.answer, act.answer)
    identity = derive("feedback", act.act)
    return FeedbackGiven(
        id=identity,
        meta=root(identity, act.at),
        person=act.person,
        at=act.at,
        kind=kind,
        alert=act.alert,
        note=act.reason,
    )


def testing(person: str, channel: str, by: str, now: datetime) -> DeliveryActed:
    """A test message to one person by one channel."""
    identity = derive("test", person, channel, by, now.isoformat())
    return DeliveryActed(
        id=identity, meta=root(identity, now), kind=DeliveryActKind.test, by=by, at=now, person=person, channel=channel
    )


def source_said(source: Source, by: str, now: datetime) -> SourceConfigured:
    """A source as it is configured from now on; scraping polls what it hears of at once."""
    identity = derive("source-configured", source.source, by, now.isoformat())
    return SourceConfigured(id=identity, meta=root(identity, now), person=by, source=source)


def missed(url: str, note: str, person: str, now: datetime) -> FeedbackGiven:
    """A report that an alert was missed."""
    identity = derive("feedback", person, url, now.isoformat())
    return FeedbackGiven(
        id=identity, meta=root(identity, now), person=person, at=now, kind="missed", url=url[:2000], note=note[:500]
    )
