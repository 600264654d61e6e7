"""`copytaster try rules --rules FILE`: articles through tracking and the decider of alerting; who is told, who is not, and why.

Each new `sequence` starts with empty state and the rules of the file in force. A rule without an owner belongs to `desk`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from console.trying import Answering, Line, Options
from console.trying.tracking import Tagger, Trial, minute_of, tagger
from schemas import ids
from schemas.alerts import Alert
from schemas.base import Fact, Meta, Position
from schemas.facts import AlertRaised, AlertsDecided, RuleSaved, StepsTaken
from schemas.rules import Rule
from services.alerting.deciding import Alerting
from services.alerting.rules.matching import Compiled, why_not
from services.alerting.rules.reading import RuleError, read_rules
from services.alerting.rules.subject import subject_of
from services.alerting.state import Memory

WITHOUT_MEMORY = False
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
NOWHERE = Position(topic="alerting-inbox", partition=0, offset=0)


def opened(options: Options) -> Answering:
    """The function that answers one line after the other."""
    if options.rules is None:
        raise typer.BadParameter("try rules needs --rules FILE: the rules to try, in YAML or JSON")
    return _Rules(rules_of(options.rules), tagger(options)).answer


def rules_of(path: Path) -> list[Rule]:
    """The rules of a file, each in its first version. Ends the command with the file, the line, the value and the cure if one is wrong."""
    try:
        documents = read_rules(path.read_text(encoding="utf-8"))
    except (OSError, RuleError) as error:
        raise typer.BadParameter(f"{path}: {error}") from error
    return [saved(document, f"rule-{number}") for number, document in enumerate(documents, 1)]


def saved(document: dict[str, Any], unnamed: str, version: int = 1) -> Rule:
    """A document as it is kept in the log."""
    named = document.get("rule") or document.get("id") or unnamed
    title = document.get("title") or document.get("name") or ""
    return Rule(rule=named, person=document.get("person") or "desk", version=version, title=title, document=document)


class _Rules:
    """Alerting and tracking with their state, as they stand after the lines so far."""

    def __init__(self, rules: list[Rule], tag: Tagger) -> None:
        self._rules = rules
        self._tag = tag
        self._tracking = Trial(tag)
        self._alerting = Alerting()
        self._sequence: object = None
        self._memory = self._fresh()

    def answer(self, line: Line) -> Line:
        """The alerts of one line, and why each other rule was silent. Raises `LineRejected`."""
        if line.get("sequence") != self._sequence:
            self._sequence, self._memory, self._tracking = line.get("sequence"), self._fresh(), Trial(self._tag)
        taken = self._tracking.taken(line)
        alerts = self._decided(taken) + (self._decided(minute_of(line)) if "minute" in line else [])
        return {"alerts": [_shown(alert) for alert in alerts], "silent": self._silent(taken, alerts)}

    def _fresh(self) -> Memory:
        memory = self._alerting.initial()
        for rule in self._rules:
            made = ids.derive("RuleSaved", rule.person, rule.rule, rule.version)
            meta = Meta(trace=ids.trace_id(made), root_at=BEGINNING)
            fact = RuleSaved(id=made, meta=meta, rule=rule, by=rule.person, at=BEGINNING)
            memory = self._alerting.evolve(memory, self._alerting.decide(memory, fact, NOWHERE).outputs[-1].fact)
        return memory

    def _decided(self, fact: Fact) -> list[Alert]:
        outputs = self._alerting.decide(self._memory, fact, NOWHERE).outputs
        self._last = outputs[-1].fact
        self._memory = self._alerting.evolve(self._memory, self._last)
        return [each.fact.alert for each in outputs if isinstance(each.fact, AlertRaised)]

    def _silent(self, taken: StepsTaken, alerts: list[Alert]) -> list[Line]:
        told = {(alert.person, rule.rule) for alert in alerts for rule in alert.rules}
        rest = [rule for rule in self._memory.rules if rule.key not in told]
        return [
            {"person": rule.saved.person, "rule": rule.saved.rule, "why_not": self._why_not(rule, taken)}
            for rule in rest
        ]

    def _why_not(self, rule: Compiled, taken: StepsTaken) -> str:
        """What kept the rule from alerting, for the step that came closest."""
        last = self._last
        untold = [
            each
            for each in (last.untold if isinstance(last, AlertsDecided) else ())
            if (each.person, each.rule) == rule.key
        ]
        if untold:
            return untold[0].reason
        reasons = [why_not(rule, subject_of(step, taken.head, taken.entities, taken.at)) for step in taken.steps]
        closest = min(reasons, key=lambda reason: (reason.count("; "), reason), default="")
        return closest or (last.reason if isinstance(last, AlertsDecided) else taken.reason)


def _shown(alert: Alert) -> Line:
    lead = alert.lead
    return {
        "person": alert.person,
        "rules": [rule.rule for rule in alert.rules],
        "why": [f"{rule.rule} (version {rule.version}): {'; '.join(rule.because)}" for rule in alert.rules],
        "lead": {
            "family": lead.family,
            "status": lead.status,
            "reality": lead.reality,
            "polarity": lead.polarity,
            "kind": lead.kind.value,
            "was": lead.was,
            "dossier": str(lead.dossier.id),
            "evidence": lead.assertion.evidence if lead.assertion else None,
        },
        "first_line": alert.words.first_line,
        "second_line": alert.words.second_line,
        "also": list(alert.words.also),
        "urgent": alert.urgent,
        "alert": alert.model_dump(mode="json"),
    }
