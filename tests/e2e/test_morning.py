"""The demonstration morning through the whole system: exactly the alerts that the script calls for, in its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from schemas.alerts import Alert
from schemas.generate import ROOT
from tests.e2e.stepped import Stepped, script

pytestmark = [pytest.mark.timeout(1800), pytest.mark.slow]
KNOWN = ROOT / "tests/e2e/known_shortcomings.yaml"
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Told:
    """One alert, as the script speaks of it."""

    item: str
    person: str
    family: str
    status: str
    reality: str
    kind: str
    was: str | None
    first_line: str
    rules: frozenset[str]


@dataclass(frozen=True)
class Morning:
    """What the whole morning gave."""

    told: tuple[Told, ...]
    rung_twice: tuple[str, ...]


@pytest.fixture(scope="module")
def morning(calm_morning: Stepped) -> Morning:
    """The morning as the script speaks of it."""
    alerts = [fact.alert for fact in calm_morning.alerts]
    return Morning(
        told=tuple(told(alert, calm_morning.of_version) for alert in alerts),
        rung_twice=tuple(str(key) for key, times in Counter((a.id, a.revision) for a in alerts).items() if times > 1),
    )


def told(alert: Alert, of_version: Mapping[str, str]) -> Told:
    version = str(alert.head.version) if alert.head else ""
    return Told(
        item=of_version.get(version, f"unknown version {version}"),
        person=alert.person,
        family=alert.lead.family,
        status=alert.lead.status,
        reality=alert.lead.reality,
        kind=alert.lead.kind.value,
        was=alert.lead.was,
        first_line=alert.words.first_line,
        rules=frozenset(rule.rule for rule in alert.rules),
    )


def either(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def fits(given: Told, wanted: dict[str, Any]) -> list[str]:
    """What is wrong with an alert that the script calls for; empty when nothing is."""
    wrong = [
        f"{name} is {getattr(given, name)!r}, not {wanted[name]!r}"
        for name in ("status", "reality", "kind", "was")
        if getattr(given, name) not in either(wanted[name])
    ]
    if not any(words.strip().upper() in given.first_line.upper() for words in wanted["says"].split("|")):
        wrong.append(f"the first line {given.first_line!r} does not say {wanted['says']!r}")
    if not set(wanted.get("rules", [wanted["rule"]])) <= given.rules:
        wrong.append(f"rules are {sorted(given.rules)}")
    return wrong


def key_of(row: Told | dict[str, Any]) -> Key:
    return (row.item, row.person, row.family) if isinstance(row, Told) else (row["item"], row["person"], row["family"])


def known(what: str) -> set[Key]:
    """Where the judgement of the stages is known to fall short of the script; the list may only get shorter."""
    import yaml

    read = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    return {(row[0], row[1], row[2]) for row in read[what]}


def test_exactly_the_alerts_of_the_script_are_raised_but_for_what_is_known(morning: Morning) -> None:
    wanted = Counter(key_of(row) for row in script()["expected_alerts"])
    given = Counter(key_of(row) for row in morning.told)
    lines = {key_of(row): row.first_line for row in morning.told}
    missing = [key for key in sorted((wanted - given).elements()) if key not in known("missing")]
    too_many = [(key, lines[key]) for key in sorted((given - wanted).elements()) if key not in known("too_many")]
    assert (missing, too_many) == ([], [])


def test_every_alert_says_what_the_script_calls_for_but_for_what_is_known(morning: Morning) -> None:
    by_key = {key_of(row): row for row in morning.told}
    wrong = {
        key_of(row): trouble
        for row in script()["expected_alerts"]
        if key_of(row) in by_key and (trouble := fits(by_key[key_of(row)], row))
    }
    assert {key: trouble for key, trouble in wrong.items() if key not in known("otherwise")} == {}


def test_alerts_come_in_the_order_of_the_script(morning: Morning) -> None:
    place = {item["id"]: number for number, item in enumerate(script()["items"])}
    for person in {row.person for row in morning.told}:
        order = [place[row.item] for row in morning.told if row.person == person and row.item in place]
        assert order == sorted(order), person


def test_nobody_is_told_anything_twice(morning: Morning) -> None:
    assert morning.rung_twice == ()
