"""A rule that is in force, and what it says of a subject: clause by clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.rules import Rule
from services.alerting.rules.clauses import Clause, clauses_of
from services.alerting.rules.document import RuleDocument
from services.alerting.rules.subject import Subject, subject_from


@dataclass(frozen=True, slots=True)
class Verdict:
    """One clause's answer: `says` is one sentence."""

    holds: bool
    says: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule with its clauses, ready to be asked; `asks` says each clause in words."""

    saved: Rule
    document: RuleDocument
    clauses: tuple[Clause, ...]
    asks: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Owner and id: what is unique."""
        return self.saved.person, self.saved.rule


def compiled(rule: Rule) -> Compiled:
    """The rule, read. Raises `ValueError` (of pydantic) where the document breaks the schema."""
    document = RuleDocument.model_validate(rule.document)
    clauses = clauses_of(document)
    return Compiled(rule, document, clauses, tuple(clause.asks() for clause in clauses))


def matches(rule: Compiled, subject: Subject) -> bool:
    """Whether every clause holds."""
    return all(clause.holds(subject) for clause in rule.clauses)


def why(rule: Compiled, subject: Subject) -> tuple[Verdict, ...]:
    """Clause by clause, one sentence each."""
    return tuple(Verdict(clause.holds(subject), clause.says(subject)) for clause in rule.clauses)


def why_not(rule: Compiled, subject: Subject) -> str:
    """The clauses that do not hold, in one line; empty if all do."""
    return "; ".join(verdict.says for verdict in why(rule, subject) if not verdict.holds)


Said = dict[Clause, str]


def because(rule: Compiled, subject: Subject, said: Said | None = None) -> tuple[str, ...]:
    """Why it matched, one sentence a clause; what every step has (kind, reality, polarity) is left out unless the rule asks for it.

    `said` keeps the sentences of one subject, since many rules share a clause.
    """
    known: Said = {} if said is None else said
    asked = {"kind": bool(rule.document.kind), "reality": False, "polarity": rule.document.polarity is not None}
    return tuple(_said(each, subject, known) for each in rule.clauses if asked.get(getattr(each, "about", ""), True))


def _said(clause: Clause, subject: Subject, known: Said) -> str:
    if clause not in known:
        known[clause] = clause.says(subject)
    return known[clause]


def failing_examples(rule: Compiled) -> tuple[str, ...]:
    """What the rule's own examples say against it, one sentence each."""
    wrong = [
        f"must match, but: {why_not(rule, subject)}"
        for subject in _read(rule.document.examples.match)
        if not matches(rule, subject)
    ]
    return (
        *wrong,
        *("must not match, but does" for subject in _read(rule.document.examples.never) if matches(rule, subject)),
    )


def _read(examples: tuple[dict[str, Any], ...]) -> tuple[Subject, ...]:
    return tuple(map(subject_from, examples))
