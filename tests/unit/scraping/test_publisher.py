"""The demonstration's outlets: items appear in time, revisions replace, pages are read as they were written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.publisher import Desk, Morning
from services.scraping.feeds import read_feed

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SCENARIO: dict[str, Any] = {
    "sources": [
        {"id": "harbour", "outlet": "The Harbour Post", "kind": "rss", "title": "Harbour: all"},
        {"id": "coast", "outlet": "Coast Daily", "kind": "atom"},
    ],
    "items": [
        {"id": "old", "source": "harbour", "at": 0, "published": -7200, "slug": "fog", "headline": "Fog on the coast", "paragraphs": ["It was foggy."]},
        {"id": "late", "source": "harbour", "at": 100, "slug": "ferry", "headline": "Ferry late", "byline": "Ada Okafor", "paragraphs": ["It was late."]},
        {"id": "late-2", "source": "harbour", "at": 200, "slug": "x", "revises": "late", "headline": "Ferry early", "paragraphs": ["It was early."]},
        {"id": "quay", "source": "coast", "at": 50, "slug": "quay", "headline": "Quay <closed>", "paragraphs": ["It is closed."]},
    ],
}  # fmt: skip


def desk(seconds: float, speed: float = 1.0) -> Desk:
    return Desk(Morning(SCENARIO, START, speed), "http://127.0.0.1:1", lambda: START + timedelta(seconds=seconds))


def headlines(one: Desk, outlet: str) -> list[str]:
    found = one.answer(f"/{outlet}/feed.xml")
    assert found
    return [entry.headline for entry in read_feed(found[1].encode(), found[0], "http://127.0.0.1:1/feed").entries]


def test_items_appear_as_the_morning_goes_on() -> None:
    assert headlines(desk(1), "harbour") == ["Fog on the coast"]
    assert headlines(desk(101), "harbour") == ["Ferry late", "Fog on the coast"]
    assert desk(1).answer("/harbour/ferry") is None


def test_a_faster_morning_shows_them_sooner() -> None:
    assert headlines(desk(21, speed=5), "harbour") == ["Ferry late", "Fog on the coast"]


def test_a_revision_replaces_the_page_under_its_address_and_tells_the_feed() -> None:
    before, after = desk(150).answer("/harbour/ferry"), desk(201).answer("/harbour/ferry")
    assert before
    assert after
    assert "It was late." in before[1]
    assert "It was early." in after[1]
    assert "It was late." not in after[1]
    assert headlines(desk(201), "harbour") == ["Ferry early", "Fog on the coast"]


def test_publication_keeps_its_time_before_the_start_whatever_the_speed() -> None:
    found = desk(1, speed=60).answer("/harbour/feed.xml")
    assert found
    [entry] = read_feed(found[1].encode(), found[0], "http://127.0.0.1:1/feed").entries
    assert entry.published == "2026-03-02T06:00:00+00:00"


def test_atom_outlet_answers_atom_with_text_that_is_no_markup() -> None:
    found = desk(60).answer("/coast/feed.xml")
    assert found
    assert found[0].startswith("application/atom+xml")
    assert "Quay &lt;closed&gt;" in found[1]


def test_stepping_shows_an_item_only_when_it_is_asked_for() -> None:
    morning = Morning(SCENARIO, START, 1.0, stepping=True)
    assert morning.shown("harbour", START + timedelta(hours=1)) == []
    assert morning.show("late", START + timedelta(minutes=1))
    assert morning.show("late-2", START + timedelta(minutes=2))
    [item] = morning.shown("harbour", START + timedelta(minutes=3))
    assert (item.headline, item.published, item.updated) == (
        "Ferry early",
        START + timedelta(minutes=1),
        START + timedelta(minutes=2),
    )
    assert not morning.show("nothing", START)
