"""A scripted week of 200 items, given as assertions: every kind, silence and correction that the definitions ask for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.trying.tracking import Trial
from schemas.generate import ROOT

HERE = Path(__file__).parent
SLOTS = ("family", "status", "reality", "polarity", "main", "attribution", "parties", "imposer", "target", "evidence")
ROLES = {"parties", "imposer", "target"}
SAID_BY_SOMEBODY = {"ilhz-06"}
"""Reports of a speaker's word where the row leaves the attribution open."""


def one(name: str, value: Any) -> Any:
    """The first of several values that the definitions leave open."""
    return value[0] if isinstance(value, list) and name not in ROLES else value


def any_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def week() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "tests/data/week/week.yaml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def lines(week: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    particulars = yaml.safe_load((HERE / "week_particulars.yaml").read_text(encoding="utf-8"))
    start, items = datetime.fromisoformat(week["start"]).astimezone(UTC), {item["id"]: item for item in week["items"]}
    sources = {source["id"]: source for source in week["sources"]}
    for item in week["items"]:
        yield item, line(item, items, sources[item["source"]], start, particulars.get(item["id"], []))


def line(
    item: dict[str, Any], items: dict[str, Any], source: dict[str, Any], start: datetime, given: list[Any]
) -> dict[str, Any]:
    first = item["id"]
    while "revises" in items[first]:
        first = items[first]["revises"]
    rows = [row for row in item["expect"] if row["evidence"]]
    said = [{name: one(name, row[name]) for name in SLOTS if row.get(name) is not None} for row in rows]
    for assertion, stated in zip(said, given, strict=False):
        assertion["particulars"] = stated
    if item["id"] in SAID_BY_SOMEBODY:
        said[0]["attribution"] = "claimed"
    agency = {"MPA": "Meridian Press Agency"}
    return {
        "id": item["id"],
        "article": first,
        "outlet": source["outlet"],
        "tier": source["tier"],
        "origin": agency.get(item.get("credit", ""), item.get("credit")) or source["outlet"],
        "story": item.get("copy_of", first),
        "decision": "copy" if "copy_of" in item else "original",
        "published": (start + timedelta(seconds=item.get("published", item["at"]))).isoformat(),
        "fetched": (start + timedelta(seconds=item["at"])).isoformat(),
        "headline": item["headline"],
        "assertions": said,
    }


def test_every_item_of_the_week_does_what_the_definitions_say(week: dict[str, Any]) -> None:
    trial, names, wrong = Trial(lambda _: {}), {}, []
    for item, given in lines(week):
        told = trial.answer(given)["steps"]
        wanted = [row for row in item["expect"] if row.get("kind")]
        for row, step in zip(wanted, told, strict=False):
            names.setdefault(row["dossier"], step["dossier"])
        fits = len(told) == len(wanted) and all(
            step["kind"] in any_of(row["kind"])
            and step["status"] == row["status"]
            and step["dossier"] == names[row["dossier"]]
            and ("was" not in row or row["was"] is None or step["was"] in any_of(row["was"]))
            for row, step in zip(wanted, told, strict=True)
        )
        if not fits:
            shown = [(step["kind"], step["status"], step["was"], step["title"], step["reason"]) for step in told]
            wrong.append(
                (item["id"], [(row["kind"], row["status"], row.get("was"), row["dossier"]) for row in wanted], shown)
            )
    assert wrong == [], "\n".join(map(str, wrong))
    assert len(set(names.values())) == len(names), "two dossiers of the week were taken for one"
