"""The demonstration's sources and rules as facts: pure, from the scenario's YAML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from runtime.handling import Output
from schemas.base import Meta
from schemas.facts import RuleSaved, SourceConfigured
from schemas.ids import derive, trace_id
from schemas.rules import Rule
from schemas.sources import Source

NOT_CLAUSES = frozenset({"id", "name"})


def read_scenario(path: Path) -> dict[str, Any]:
    """The scenario. Raises `ValueError` that names the file."""
    try:
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: {error}") from error
    if not isinstance(scenario, dict) or not {"sources", "people", "items"} <= scenario.keys():
        raise ValueError(
            f"{path} is no scenario: it needs `sources`, `people` and `items`, as deploy/demo/README.md says"
        )
    return scenario


def source_outputs(scenario: dict[str, Any], base_url: str, interval: float, now: datetime) -> Iterator[Output]:
    """One configured source for each outlet of the scenario. `interval` is in seconds."""
    for given in scenario["sources"]:
        source = Source(
            source=given["id"],
            url=f"{base_url}/{given['id']}/feed.xml",
            outlet=given["outlet"],
            tier=given["tier"],
            language=given.get("language"),
            interval_seconds=interval,
            internal=True,
        )
        yield source_output(source, "demonstration", now)


def source_output(source: Source, person: str, now: datetime) -> Output:
    """A configured source on its way to the topic of sources."""
    identity = derive("source-configured", source.source, now.isoformat())
    fact = SourceConfigured(id=identity, meta=Meta(trace=trace_id(identity), root_at=now), person=person, source=source)
    return Output("sources", source.source, fact)


def rule_outputs(scenario: dict[str, Any], now: datetime) -> Iterator[Output]:
    """Every rule of the scenario's people, as its first version."""
    for person in scenario["people"]:
        for given in person["rules"]:
            document = {key: value for key, value in given.items() if key not in NOT_CLAUSES}
            yield rule_output(
                Rule(rule=given["id"], person=person["person"], version=1, title=given["name"], document=document), now
            )


def rule_output(rule: Rule, now: datetime) -> Output:
    """A saved rule on its way to alerting."""
    identity = derive("rule-saved", rule.person, rule.rule, rule.version, now.isoformat())
    fact = RuleSaved(
        id=identity, meta=Meta(trace=trace_id(identity), root_at=now), rule=rule, by="demonstration", at=now
    )
    return Output("alerting-inbox", f"{rule.person}/{rule.rule}", fact)
