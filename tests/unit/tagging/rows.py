"""Rows of the trap corpus: read, tagged and judged. A row's `expect` holds the alerts and the main assertions that must be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schemas import ids
from services.tagging.tagging import Story, Tagged, tag

FOLDER = Path(__file__).parents[2] / "data" / "traps"
BACKGROUND = {"background", "historical"}


@cache
def rows_of(name: str) -> tuple[dict[str, Any], ...]:
    """The rows of one file of the corpus."""
    return tuple(yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), yaml.CSafeLoader))


def tagged(row: Mapping[str, Any]) -> Tagged:
    """The row as the tagger reads it."""
    return tag(
        Story(
            ids.derive("row", row["id"]),
            row.get("headline") or "",
            row.get("text") or "",
            str(row.get("date") or "") or None,
        )
    )


def faults_of(row: Mapping[str, Any], found: Tagged) -> Iterator[str]:
    """What is wrong in a row, one word a fault: alert, missing or done (told as done though it is not)."""
    expect = row["expect"]
    yield from (f"alert {family}" for family, told in expect["alert"].items() if found.alert.get(family, False) != told)
    wanted = expect.get("assertions") or []
    said = list(found.assertions)
    for want in wanted:
        if not any(_fits(one, want) for one in said):
            yield f"missing {want['family']} {want['status']} {want.get('reality')} {want.get('polarity')}"
    yield from (f"done {one.family} {one.status}" for one in said if _overstated(one, wanted))


def _fits(one: Any, want: Mapping[str, Any]) -> bool:
    plain = all(
        _one_of(getattr(one, name), want[name]) for name in ("family", "status", "polarity", "main") if name in want
    )
    reality = (
        "reality" not in want
        or _one_of(one.reality, want["reality"])
        or {one.reality, *_listed(want["reality"])} <= BACKGROUND
    )
    roles = all(
        set(getattr(one, role)) >= set(want[role] or ()) for role in ("parties", "imposer", "target") if role in want
    )
    return plain and reality and roles


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _one_of(value: Any, wanted: Any) -> bool:
    return value in _listed(wanted)


def _overstated(one: Any, wanted: list[Mapping[str, Any]]) -> bool:
    """Told as a done, current step though no expected assertion of that status is that."""
    if not (one.main and one.reality == "actual" and one.polarity == "affirmed"):
        return False
    same = [want for want in wanted if want["family"] == one.family and _one_of(one.status, want["status"])]
    return not any(
        _one_of("actual", w.get("reality", "actual"))
        and _one_of("affirmed", w.get("polarity", "affirmed"))
        and w.get("main", True)
        for w in same
    )
