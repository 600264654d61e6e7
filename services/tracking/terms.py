"""Terms and deadlines: a truce or a measure that runs out, and an ultimatum that passes, told by the minute in which they do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from schemas.assertions import Assertion
from schemas.facts import MinutePassed
from schemas.families import Family
from schemas.steps import Kind, Step
from services.tracking.clues import silent_days
from services.tracking.dates import length_of, moment_of
from services.tracking.dossiers import Dossier, State
from services.tracking.draft import Draft
from services.tracking.judging import Verdict
from services.tracking.telling import due_step


def end_of(said: Assertion, at: datetime) -> datetime | None:
    """When what is told is to end: the stated end, or its start (else now) and its length."""
    if ends := moment_of(said.ends_at, end=True):
        return ends
    length = length_of(said.duration or "")
    return (moment_of(said.effective_from, end=False) or at) + length if length else None


def set_by(draft: Draft, dossier: Dossier, family: Family, step: Step) -> None:
    """Note the term or the deadline that a step sets, and clear the term when the dossier ends."""
    said = step.assertion
    if said is None or step.polarity != "affirmed" or step.kind in (Kind.restated, Kind.corroborated, Kind.late):
        return
    if step.status in family.ends_with and step.reality == "actual":
        _set(draft, dossier, "the dossier ended", ends_at="")
    elif step.status in family.reached and (ends := end_of(said, draft.at)) and ends > draft.at:
        _set(draft, dossier, "a term was told", ends_at=ends.isoformat())
    elif "deadline" in family.statuses[step.status].again_when and (
        deadline := moment_of(said.ends_at or said.effective_from, end=True)
    ):
        _set(draft, dossier, "a deadline was told", deadline=deadline.isoformat())


def _set(draft: Draft, dossier: Dossier, reason: str, **values: str) -> None:
    if dossier.term is None and values.get("ends_at") == "":
        return
    draft.change(dossier.id, "term", reason, **{name: (value,) for name, value in values.items()})


def pass_minute(state: State, passed: MinutePassed, families: Mapping[str, Family]) -> Draft:
    """The draft after a minute: terms and deadlines that it reached, and, once a day, dossiers that have long been silent."""
    draft = Draft(state, passed.minute)
    for dossier in list(state.dossiers.values()):
        if dossier.into is None and dossier.family in families:
            _reach(draft, dossier, families[dossier.family], passed)
    if passed.minute.time() == time():
        _put_away(draft, families)
    return draft


def _reach(draft: Draft, dossier: Dossier, family: Family, passed: MinutePassed) -> None:
    if dossier.term and dossier.term <= passed.minute:
        reason = f"its term passed at {dossier.term.isoformat(timespec='minutes')}, and no extension was heard"
        _tell(draft, dossier, family, family.expires_as, reason, passed)
        draft.change(dossier.id, "term", "the term passed", ends_at=("",))
    if dossier.deadline and dossier.deadline <= passed.minute:
        reason = f"the deadline passed at {dossier.deadline.isoformat(timespec='minutes')}, and nothing was heard"
        threats = [t for t in dossier.taken if "deadline" in family.statuses[t.status].again_when and t.stands]
        if threats:
            _tell(draft, dossier, family, threats[-1].status, reason, passed)
        draft.change(dossier.id, "term", "the deadline passed", deadline=("",))


def _tell(draft: Draft, dossier: Dossier, family: Family, status: str, reason: str, passed: MinutePassed) -> None:
    """A step that nobody said: the status is told as due, not as done."""
    known = any(t.status == status for t in dossier.taken)
    verdict = Verdict(Kind.again if known else Kind.new, reason)
    draft.take(due_step(dossier, family, status, verdict, passed.id, len(draft.steps)))


def _put_away(draft: Draft, families: Mapping[str, Family]) -> None:
    for dossier in draft.state.dossiers.values():
        family = families.get(dossier.family)
        days = silent_days(family) if family else 0
        if draft.at - dossier.heard > timedelta(days=days):
            draft.change(dossier.id, "put_away", f"nothing was heard of it for {days} days")
