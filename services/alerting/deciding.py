"""Alerting's decisions: what one message of the inbox means for everybody who asked. Pure: the log's times, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from pydantic import ValidationError

from runtime.handling import Answer, Output
from schemas import ids
from schemas.alerts import Alert, MatchedRule
from schemas.base import Fact, Meta, Position, answering
from schemas.codec import decode, encode
from schemas.facts import (
    ActTaken,
    AlertRaised,
    AlertsDecided,
    MinutePassed,
    RuleSaved,
    StepsTaken,
    Told,
    ToldTogether,
    Untold,
)
from schemas.outcomes import Outcome
from schemas.rules import Rule
from schemas.steps import Step
from services.alerting.acts import changes_of
from services.alerting.folding import CORRECTING, Due, Report, Worded, folded, routes_of
from services.alerting.recipients import Recipients, add_step, as_remembered, told_by_escalation, told_of
from services.alerting.rules.matching import compiled
from services.alerting.rules.reading import first_error
from services.alerting.state import Memory, Values
from services.alerting.waiting import courses, escalated, escalations, unheard, waits

RAISED, DECIDED = "alerts-raised", "alerts-decided"


class Alerting:
    """The decider of alerting: see `runtime.handling.Decider`."""

    name = "alerting"
    inbox = "alerting-inbox"
    memory = DECIDED

    def initial(self) -> Memory:
        """Nobody was told anything, and no rule is in force."""
        return Memory()

    def remembers(self, fact: Fact) -> bool:
        """Alerting is the only writer of its memory."""
        return isinstance(fact, AlertsDecided)

    def evolve(self, state: Memory, fact: Fact) -> Memory:
        """Fold one decision into the memory, in place."""
        if isinstance(fact, AlertsDecided):
            state.fold(fact)
        return state

    def decide(self, state: Memory, fact: Fact, position: Position) -> Answer:
        """Who is told what of this message."""
        meta = answering(fact, position)
        match fact:
            case StepsTaken():
                return _steps(state, fact, meta)
            case RuleSaved():
                return _rule(state, fact, meta)
            case MinutePassed():
                return _minute(state, fact, meta)
            case ActTaken():
                changes = changes_of(state, fact.act)
                decided = _decided(
                    fact, meta, at=fact.act.at, act=fact.act.act, remember=changes, reason=f"act: {fact.act.kind}"
                )
                return _answer(decided, str(fact.act.act))
            case _:
                return Answer(
                    Outcome.not_for_this_reader,
                    (_remembered(_decided(fact, meta, at=fact.meta.root_at, reason="not for alerting"), str(fact.id)),),
                )


def _steps(state: Memory, fact: StepsTaken, meta: Meta) -> Answer:
    if fact.embargoed_until is not None and fact.embargoed_until > fact.at:
        held: dict[str, Values] = {f"held:{fact.id}": (fact.embargoed_until.isoformat(), encode(fact).decode())}
        return _answer(
            _decided(fact, meta, at=fact.at, remember=held, reason="held until its embargo ends"), _key(fact)
        )
    silent = _silent(fact)
    steps = fact.steps if not silent else _corrections(fact, silent)
    found = _found(state, steps, _report(fact))
    alerts = _alerts(found, _report(fact))
    version = fact.head.version if fact.head else None
    told = tuple(each for alert in alerts for each in told_of(alert.id, alert.person, found.due[alert.person], version))
    reason = _reason(fact, alerts, silent)
    waiting = {} if silent else waits(state, fact.steps, _report(fact)) | escalations(state, alerts)
    later = courses(state, fact.steps, fact.at) | waiting
    remembered = as_remembered(told, alerts)
    decided = _decided(fact, meta, at=fact.at, **remembered, untold=tuple(found.untold), remember=later, reason=reason)
    return _answer(decided, _key(fact), alerts)


def _silent(fact: StepsTaken) -> str:
    """Why nothing of this article is news; empty if it may be."""
    if fact.meta.late:
        return "replayed late: it never alerts as new"
    if fact.head is not None and fact.head.backfill:
        return "back-fill: it came with the first poll of its source"
    if fact.head is not None and fact.head.old:
        return "old: published over a day before it was fetched"
    return ""


def _corrections(fact: StepsTaken, silent: str) -> tuple[Step, ...]:
    """What is old may still correct what people were told; back-fill and late messages may not."""
    return tuple(step for step in fact.steps if step.kind in CORRECTING) if silent.startswith("old") else ()


def _report(fact: StepsTaken) -> Report:
    version = fact.head.version if fact.head else fact.meta.cause or fact.id
    return Report(version, fact.at, fact.head, fact.entities)


def _found(state: Memory, steps: Sequence[Step], report: Report) -> Recipients:
    found = Recipients()
    for step in steps:
        add_step(found, state, step, report)
    return found


def _alerts(found: Recipients, report: Report) -> tuple[Alert, ...]:
    worded: Worded = {}
    return tuple(folded(person, due, report, worded) for person, due in sorted(found.due.items()))


def _reason(fact: StepsTaken, alerts: Sequence[Alert], silent: str) -> str:
    if alerts:
        return "told"
    return silent or ("nobody asked for it" if fact.steps else f"no step: {fact.reason}")


def _rule(state: Memory, fact: RuleSaved, meta: Meta) -> Answer:
    refusal = _refusal(state, fact.rule)
    in_force = None if refusal else fact.rule
    reason = refusal or ("rule removed" if fact.rule.removed else f"version {fact.rule.version} in force")
    return _answer(
        _decided(fact, meta, at=fact.at, rule=in_force, reason=reason), f"{fact.rule.person}/{fact.rule.rule}"
    )


def _refusal(state: Memory, rule: Rule) -> str:
    """Why this version does not come into force; empty if it does."""
    next_version = state.versions.get((rule.person, rule.rule), 0) + 1
    if rule.version != next_version:
        return f"refused: version {rule.version} was written on another; the next one is {next_version}: read the rule again"
    if rule.removed:
        return ""
    try:
        compiled(rule)
    except ValidationError as error:
        return f"refused: {first_error(error)}"
    return ""


def _minute(state: Memory, fact: MinutePassed, meta: Meta) -> Answer:
    """Steps whose embargo has ended are told now, each as it was held."""
    alerts: list[Alert] = []
    told: list[Told] = []
    together: list[ToldTogether] = []
    untold: list[Untold] = []
    forget: dict[str, Values] = {}
    for name, (until, raw) in state.named("held"):
        if until > fact.minute.isoformat():
            continue
        held = decode(raw.encode())
        if isinstance(held, StepsTaken):
            answered = _steps(state, held.model_copy(update={"embargoed_until": None, "at": fact.minute}), meta)
            alerts += [each.fact.alert for each in answered.outputs if isinstance(each.fact, AlertRaised)]
            last = answered.outputs[-1].fact
            told += last.told if isinstance(last, AlertsDecided) else ()
            together += last.together if isinstance(last, AlertsDecided) else ()
            untold += last.untold if isinstance(last, AlertsDecided) else ()
            forget |= last.remember if isinstance(last, AlertsDecided) else {}
        forget[f"held:{name}"] = ()
    for name, next_alert in escalated(state, fact.minute, fact.id):
        forget[name] = ()
        alerts += [next_alert] if next_alert else []
        told += told_by_escalation(next_alert) if next_alert else ()
    for name, alert, heard in _silences(state, fact):
        forget[name] = ()
        alerts += [alert] if alert else []
        told += heard
    reason = "told: its time had come" if alerts else "a minute passed"
    decided = _decided(
        fact,
        meta,
        at=fact.minute,
        told=tuple(told),
        together=tuple(together),
        untold=tuple(untold),
        remember=forget,
        reason=reason,
    )
    return _answer(decided, str(fact.id), alerts)


def _silences(state: Memory, fact: MinutePassed) -> Iterator[tuple[str, Alert | None, tuple[Told, ...]]]:
    """Alerts of terms that passed unheard, one a rule that asked; none where the rule is no longer in force."""
    report = Report(fact.id, fact.minute, silence=True)
    for name, person, rule, step in unheard(state, fact.minute):
        asked = state.rules.get(person, rule)
        if asked is None:
            yield name, None, ()
            continue
        said = ("its term has passed and nothing was heard",)
        named = MatchedRule(rule=rule, version=asked.saved.version, title=asked.saved.title, because=said)
        due = Due(step, (named,), routes_of(asked.document))
        alert = folded(person, (due,), report)
        yield name, alert, tuple(told_of(alert.id, person, [due], None))


def _decided(fact: Fact, meta: Meta, **said: object) -> AlertsDecided:
    return AlertsDecided.model_validate({"id": ids.fact_id("AlertsDecided", fact.id), "meta": meta, **said})


def _answer(decided: AlertsDecided, key: str, alerts: Sequence[Alert] = ()) -> Answer:
    meta = decided.meta.model_copy(update={"source": None})
    raised = tuple(Output(RAISED, alert.person, _raised(alert, meta)) for alert in alerts)
    outcome = Outcome.published if alerts else Outcome.noted
    return Answer(outcome, (*raised, _remembered(decided, key)), decided.reason)


def _raised(alert: Alert, meta: Meta) -> AlertRaised:
    return AlertRaised(id=_raised_id(alert.id, alert.revision), meta=meta, alert=alert)


def _raised_id(alert: UUID, revision: int) -> UUID:
    return ids.derive("AlertRaised", alert, revision)


def _remembered(decided: AlertsDecided, key: str) -> Output:
    return Output(DECIDED, key, decided)


def _key(fact: StepsTaken) -> str:
    return str(fact.head.article if fact.head else fact.meta.cause or fact.id)
