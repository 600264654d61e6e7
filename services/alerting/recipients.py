"""Who is to get one step, by which rules, and who is not, for which named reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from schemas.alerts import Alert, MatchedRule
from schemas.facts import Told, ToldTogether, Untold
from schemas.steps import TOLD, Kind, Step
from services.alerting.folding import CORRECTING, Due, Report, routes_of
from services.alerting.rules.matching import Compiled, Said, because
from services.alerting.rules.subject import Subject, subject_of
from services.alerting.state import Memory

ONLY_TO_THE_TOLD = (Kind.corrected, Kind.retracted)
MANY = 100
SURER = (Kind.corroborated, Kind.upgraded)


@dataclass
class Recipients:
    """The steps of one message by person, and who got nothing of it though a rule matched."""

    due: dict[str, list[Due]] = field(default_factory=dict)
    untold: list[Untold] = field(default_factory=list)

    def tell(self, person: str, due: Due) -> None:
        """Give the person this step."""
        self.due.setdefault(person, []).append(due)


def add_step(found: Recipients, memory: Memory, step: Step, report: Report) -> None:
    """Add everybody who is to get this step."""
    reached = dict(_of_the_told(memory, step))
    for person, each in reached.items():
        found.tell(person, each)
    if step.kind in ONLY_TO_THE_TOLD:
        return
    subject = subject_of(step, report.head, report.entities, report.at)
    subject = replace(subject, earlier=(*memory.course(step.dossier.id), *subject.earlier))
    for person, asked in _asking(memory, step, subject).items():
        if person in reached:
            continue
        if reason := _silenced(memory, person, step, report.at):
            found.untold.extend(_untold(person, due, reason) for due in asked)
        else:
            found.tell(person, _all_in_one(step, asked))


def _untold(person: str, due: Due, reason: str) -> Untold:
    return Untold(person=person, rule=due.rules[0].rule, step=due.step.id, reason=reason)


def _all_in_one(step: Step, asked: list[Due]) -> Due:
    if len(asked) == 1:
        return asked[0]
    rules = tuple(rule for due in asked for rule in due.rules)
    return Due(step, rules, tuple(route for due in asked for route in due.routes))


def _of_the_told(memory: Memory, step: Step) -> Iterator[tuple[str, Due]]:
    """What contradicts, corrects or retracts reaches everybody who was told that step, whatever their rules."""
    if step.kind not in CORRECTING or step.of is None:
        return
    for told in memory.told_steps.get(step.of, {}).values():
        if not memory.was_told(told.person, step.id):
            yield told.person, _correction(memory, told, step)


def _correction(memory: Memory, told: Told, step: Step) -> Due:
    rules = tuple(memory.rules.get(told.person, rule) for rule in told.rules)
    known = tuple(rule for rule in rules if rule is not None)
    said = ("you were told the step that this is about",)
    named = tuple(_matched(rule, said) for rule in known) or (
        MatchedRule(rule="told", version=1, title="You were told before", because=said),
    )
    return Due(step, named, tuple(way for rule in known for way in routes_of(rule.document)), told.alert)


def _asking(memory: Memory, step: Step, subject: Subject) -> dict[str, list[Due]]:
    """By person, the step with each rule that asks for it."""
    asking: dict[str, list[Due]] = {}
    said: Said = {}
    for person, rules in memory.rules.by_person(subject):
        asking[person] = [_asked(step, subject, rule, said) for rule in rules]
    known = {rule.key for rule in memory.rules.matching(subject)} if step.kind in SURER else set()
    for rule in _waiting(memory, step, subject):
        if rule.key not in known:
            asking.setdefault(rule.saved.person, []).append(_asked(step, subject, rule, said))
    for person in _following(memory, step, subject.at):
        asking.setdefault(person, []).append(Due(step, (FOLLOWED,)))
    return asking


def _asked(step: Step, subject: Subject, rule: Compiled, said: Said) -> Due:
    return Due(step, (_matched(rule, because(rule, subject, said)),), routes_of(rule.document))


FOLLOWED = MatchedRule(rule="follow", version=1, title="You follow this dossier", because=("you follow this dossier",))


def _matched(rule: Compiled, said: tuple[str, ...]) -> MatchedRule:
    return MatchedRule(
        rule=rule.saved.rule,
        version=rule.saved.version,
        title=rule.saved.title or rule.document.title,
        because=said,
        channels=tuple(channel.name for channel in rule.document.channels),
    )


def _waiting(memory: Memory, step: Step, subject: Subject) -> list[Compiled]:
    """Rules that wanted it surer, now that a step which they passed over is told again from another origin."""
    if step.kind not in SURER or step.of is None:
        return []
    rules = memory.rules.matching(replace(subject, kind=Kind.new.value))
    return [rule for rule in rules if rule.document.wants_it_sure and not memory.was_told(rule.saved.person, step.of)]


def _following(memory: Memory, step: Step, at: datetime | None) -> Iterator[str]:
    if step.kind not in TOLD:
        return
    for person, (until, *_) in memory.followers(step.dossier.id):
        if not until or at is None or at < datetime.fromisoformat(until):
            yield person


def _silenced(memory: Memory, person: str, step: Step, at: datetime) -> str:
    """Why this person is not told though a rule matched; empty if they are."""
    if memory.was_told(person, step.id):
        return "already told"
    muted = memory.recall("mute", f"{step.dossier.id}:{person}")
    if not muted or (muted[0] and at >= datetime.fromisoformat(muted[0])):
        return ""
    last = memory.told_dossiers.get(step.dossier.id, {}).get(person)
    changed = step.kind in TOLD and (last is None or last.status != step.status)
    return "" if changed and "but_tell_if_status_changes" in muted else "muted by this person"


def told_of(alert_id: UUID, person: str, due: list[Due], version: UUID | None) -> Iterator[Told]:
    """What is remembered of one alert: a step that was told surer counts as told under its first id, too."""
    for each in due:
        step = each.step
        steps = (step.id, step.of) if step.kind in SURER and step.of else (step.id,)
        for one in steps:
            yield Told.model_construct(  # our own values: ten thousand need no check
                person=person,
                dossier=step.dossier.id,
                step=one,
                status=step.status,
                alert=alert_id,
                version=version,
                rules=tuple(rule.rule for rule in each.rules),
            )


def told_by_escalation(alert: Alert) -> Iterator[Told]:
    """What somebody was told in another's place, so that what takes it back reaches them, too."""
    due = [Due(step, alert.rules) for step in (alert.lead, *alert.also)]
    return told_of(alert.id, alert.person, due, alert.head.version if alert.head else None)


def as_remembered(
    told: Sequence[Told], alerts: Sequence[Alert]
) -> dict[str, tuple[Told, ...] | tuple[ToldTogether, ...]]:
    """What is remembered of all who were told: one by one, or, where they are many, what is the same for all said once."""
    if len(told) < MANY or any(each.version is None for each in told):
        return {"told": tuple(told)}
    leads = {alert.id: alert.lead.dossier.id for alert in alerts}
    rules: dict[tuple[UUID, UUID, str, UUID | None, UUID], dict[str, tuple[str, ...]]] = {}
    for each in told:
        key = (each.dossier, each.step, each.status, each.version, leads[each.alert])
        rules.setdefault(key, {})[each.person] = each.rules
    return {
        "together": tuple(
            ToldTogether(dossier=dossier, step=step, status=status, version=version, lead=lead, rules=by_person)
            for (dossier, step, status, version, lead), by_person in rules.items()
            if version is not None
        )
    }
