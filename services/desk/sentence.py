"""A rule as a sentence that can be read aloud, and what changed between two versions of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.alerting.rules.clauses import AnyOf, Clause, NoneOf, clauses_of
from services.alerting.rules.document import RuleDocument

LINKS = {"imposer": "by", "target": "on", "party": "between or with", "speaker": "as said by", "sources": "told by"}
QUIET = ("kind", "reality", "polarity")
"""What every rule has by default is read aloud only where the rule asks for it."""


@dataclass(frozen=True)
class Words:
    """A piece of the sentence: `plain`, a `slot` (a choice of the rule), or `no` (what the rule leaves out)."""

    text: str
    role: str = "plain"


def sentence_of(document: RuleDocument) -> tuple[Words, ...]:
    """The rule from “Tell me” to the last exclusion."""
    clauses = [clause for clause in clauses_of(document) if _asked_for(document, clause)]
    return (
        Words("Tell me when"),
        Words(_subject(document), "slot"),
        *_happening(document),
        *_wanted(clauses),
        *_left_out(clauses),
    )


def _asked_for(document: RuleDocument, clause: Clause) -> bool:
    about = getattr(clause, "about", "")
    return about not in ("family", "status", "group", "kind") and (
        about not in QUIET or about in document.model_fields_set
    )


def _subject(document: RuleDocument) -> str:
    return " or ".join(map(_plain, document.family)) or "anything"


def _happening(document: RuleDocument) -> Iterator[Words]:
    kinds = {kind.value for kind in document.kind}
    if document.absence:
        yield Words("was due, and nothing was heard for")
        yield Words(_hours(document.absence.after.total_seconds()), "slot")
        return
    if not kinds and not (document.status or document.group):
        yield Words("takes any step")
    if document.status or document.group:
        yield Words("is")
        yield Words(" or ".join(map(_plain, (*document.status, *document.group))), "slot")
    if kinds:
        yield Words("and" if document.status or document.group else "")
        yield Words("advances" if kinds == {"new", "advanced"} else " or ".join(map(_plain, sorted(kinds))), "slot")
    if document.novelty == "corroboration":
        yield Words("or is told by one more independent origin")


def _wanted(clauses: list[Clause]) -> Iterator[Words]:
    for clause in clauses:
        if isinstance(clause, NoneOf):
            continue
        about = getattr(clause, "about", "")
        asked = clause.asks()
        if isinstance(clause, AnyOf) and about in LINKS:
            yield Words(LINKS[about])
            yield Words(asked.removeprefix(f"{about} is "), "slot")
        else:
            yield Words("and")
            yield Words("it is confirmed by a party or a legal text" if about == "confirmed" else _plain(asked), "slot")


def _left_out(clauses: list[Clause]) -> Iterator[Words]:
    for number, clause in enumerate(clause for clause in clauses if isinstance(clause, NoneOf)):
        yield Words("or when" if number else "but not when")
        yield Words(clause.asks().replace(" is not ", " is ", 1), "no")


def _plain(name: str) -> str:
    return str(name).replace("_", " ")


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:g} hours" if seconds >= 3600 else f"{seconds / 60:g} minutes"


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """What a version changed, one line a clause; empty where nothing did."""
    lines = []
    for clause in sorted(before.keys() | after.keys()):
        old, new = before.get(clause), after.get(clause)
        if old == new:
            continue
        if clause not in before:
            lines.append(f"{clause} added: {_value(new)}")
        elif clause not in after:
            lines.append(f"{clause} taken out (was {_value(old)})")
        else:
            lines.append(f"{clause}: {_value(old)} → {_value(new)}")
    return tuple(lines)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_value(each)}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
