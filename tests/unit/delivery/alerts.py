"""Alerts for tests of delivery, each on one line."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from schemas import ids
from schemas.alerts import Alert, MatchedRule, Words
from schemas.articles import Head, Outlet
from schemas.assertions import Assertion
from schemas.base import Meta, Position
from schemas.facts import AlertRaised
from schemas.steps import Dossier, Step
from services.delivery.lanes import Item

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
_numbers = count()


def named(name: str) -> UUID:
    return ids.derive("test", name)


def alert(
    name: str = "", person: str = "ines", dossier: str = "north-south", kind: str = "new", first_line: str = "CEASEFIRE AGREED · North-South",
    evidence: str = "They agreed.", marks: tuple[tuple[int, int], ...] = ((5, 11),), also: tuple[Step, ...] = (), **values: Any,
) -> Alert:  # fmt: skip
    name = name or f"alert {next(_numbers)}"
    of = named(f"step of {values['replaces']}") if isinstance(values.get("replaces"), str) else None
    said = Assertion.model_validate({
        "id": named("assertion"), "family": "ceasefire", "status": "agreed", "reality": "actual", "polarity": "affirmed", "main": True,
        "attribution": "confirmed", "evidence": evidence, "field": "text", "start": 0, "end": len(evidence), "marks": marks, "confidence": 0.9,
    })  # fmt: skip
    step = Step.model_validate({
        "id": named(f"step of {name}"), "of": of, "stands": of is None, "dossier": Dossier(id=named(dossier), family="ceasefire", title="North-South", opened=START), "kind": kind,
        "family": "ceasefire", "status": "agreed", "reality": "actual", "polarity": "affirmed", "reason": "first told", "assertion": said,
    })  # fmt: skip
    head = Head.model_validate({
        "article": named("article"), "version": named("version"), "url": "https://news.example/1", "headline": "A headline",
        "outlet": Outlet(source="harbour", name="Harbour Post", tier=2), "published": START, "fetched": START, "language": "en",
    })  # fmt: skip
    if isinstance(values.get("replaces"), str):
        values["replaces"] = named(values["replaces"])
    return Alert(
        id=named(name), person=person, conversation=named(f"{person} {dossier}"), head=head, lead=step, also=also,
        rules=(MatchedRule(rule="rule", version=1, because=("family is ceasefire",)),),
        words=Words(first_line=first_line, second_line="Confirmed by North · 1 origin (outlet)", why_now="older reports of the same: none"),
        raised_for=START, **values,
    )  # fmt: skip


def item(told: Alert, due: datetime = START, channel: str = "webhook", **values: Any) -> Item:
    place = Position(topic="alerts-raised", partition=0, offset=next(_numbers))
    return Item(told, channel, place, Meta(trace="t", root_at=START), due, **values)


def raised(told: Alert) -> AlertRaised:
    return AlertRaised(
        id=ids.derive("AlertRaised", told.id, told.revision), meta=Meta(trace="t", root_at=START), alert=told
    )
