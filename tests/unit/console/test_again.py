"""Deciding again: two rebuilds are the same bytes, and a comparison says what another rule would have told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from typer.testing import CliRunner

from console.again.course import in_order
from console.again.kept import SameNamespace, line_of, read_lines, shadow
from console.compare import alerts_in, differences
from console.rebuild import app as rebuild_app
from runtime.handling import Output
from runtime.settings import ServiceSettings
from schemas import ids
from schemas.articles import Outlet
from schemas.base import Fact, Meta
from schemas.bodies import pack
from schemas.facts import AlertRaised, MinutePassed, PageFetched, RuleSaved, StepsTaken
from schemas.generate import ROOT
from schemas.rules import Rule

ITEMS = 60


def meta(root: UUID, at: datetime) -> Meta:
    return Meta(trace=ids.trace_id(root), root_at=at)


def page(item: dict[str, Any], source: dict[str, Any], at: datetime, published: datetime) -> PageFetched:
    paragraphs = "".join(f"<p>{text}</p>" for text in item["paragraphs"])
    head = (
        f"<title>{item['headline']}</title><meta property='article:published_time' content='{published.isoformat()}'>"
    )
    article = f"<article><h1>{item['headline']}</h1>{paragraphs}</article>"
    raw = f"<html lang='en'><head>{head}</head><body>{article}</body></html>".encode()
    url, digest = f"https://{source['id']}.example/{item['slug']}", hashlib.sha256(raw).hexdigest()
    page_id = ids.page_id(url, digest, None)
    return PageFetched(
        id=page_id,
        meta=meta(page_id, at),
        source=source["id"],
        outlet=Outlet(source=source["id"], name=source["outlet"], tier=source["tier"]),
        url=url,
        final_url=url,
        status=200,
        content_type="text/html; charset=utf-8",
        body=pack(raw),
        body_sha256=digest,
        fetched=at,
        language="en",
    )


def rule(family: str, at: datetime) -> RuleSaved:
    saved = Rule(rule=family, person="ines", version=1, title=family, document={"family": family})
    rule_id = ids.derive("RuleSaved", family)
    return RuleSaved(id=rule_id, meta=meta(rule_id, at), rule=saved, by="ines", at=at)


def roots(*families: str) -> Iterator[tuple[str, Fact]]:
    """The first days of the scripted week, a minute of every hour, and a rule for each family."""
    week = yaml.safe_load((ROOT / "tests/data/week/week.yaml").read_text(encoding="utf-8"))
    start, sources = datetime.fromisoformat(week["start"]), {source["id"]: source for source in week["sources"]}
    for family in families:
        yield "alerting-inbox", rule(family, start)
    for item in week["items"][:ITEMS]:
        at = start + timedelta(seconds=item["at"])
        published = start + timedelta(seconds=item.get("published", item["at"]))
        yield "pages-fetched", page(item, sources[item["source"]], at, published)
    for hour in range(48):
        minute = start + timedelta(hours=hour)
        minute_id = ids.minute_id(minute.isoformat())
        fact = MinutePassed(id=minute_id, meta=meta(minute_id, minute), minute=minute)
        yield from (("tracking-inbox", fact), ("alerting-inbox", fact))


def rebuilt(folder: Path, name: str, given: list[tuple[str, Fact]]) -> Path:
    kept, into = folder / f"{name}.roots", folder / name
    kept.write_bytes(b"".join(line_of(Output(topic, "", fact)) for topic, fact in given))
    done = CliRunner().invoke(rebuild_app, ["--roots", str(kept), "--into", str(into)])
    assert done.exit_code == 0, done.output
    return into


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rebuilt(tmp_path_factory.mktemp("first"), "first", list(roots("ceasefire", "sanctions")))


def test_two_rebuilds_are_the_same_bytes_whatever_order_the_roots_are_read_in(first: Path, tmp_path: Path) -> None:
    again = rebuilt(tmp_path, "again", list(roots("ceasefire", "sanctions"))[::-1])
    assert again.read_bytes() == first.read_bytes()


def test_rebuild_goes_all_the_way_to_alerts(first: Path) -> None:
    facts = [fact for _, fact in read_lines(first)]
    assert sum(isinstance(fact, AlertRaised) for fact in facts) > 3
    assert sum(isinstance(fact, StepsTaken) for fact in facts) > 48


def test_rebuild_can_be_rebuilt_from_itself(first: Path, tmp_path: Path) -> None:
    again = rebuilt(tmp_path, "again", list(read_lines(first)))
    assert again.read_bytes() == first.read_bytes()


def test_comparison_names_what_a_rule_fewer_loses_with_its_sentence(first: Path, tmp_path: Path) -> None:
    fewer = rebuilt(tmp_path, "fewer", list(roots("ceasefire")))
    lines = list(differences(alerts_in(first), alerts_in(fewer)))
    assert lines
    assert all(line.startswith("lost · ines · ") and " on " in line and "“" in line for line in lines)


def test_comparison_of_the_same_is_empty(first: Path) -> None:
    assert list(differences(alerts_in(first), alerts_in(first))) == []


def test_root_that_stands_twice_counts_once() -> None:
    given = list(roots("ceasefire"))
    assert in_order([*given, *given]) == in_order(given)


@pytest.mark.parametrize("namespace", ["", "live."])
def test_replay_refuses_the_namespace_of_the_live_services(namespace: str) -> None:
    settings = ServiceSettings()
    live = settings.model_copy(update={"broker": settings.broker.model_copy(update={"namespace": "live."})})
    with pytest.raises(SameNamespace, match="name another"):
        shadow(live, namespace)
    assert shadow(live, "shadow.").topic("alerts-raised") == "shadow.alerts-raised"
