"""`copytaster sources`: files of sources and the rows of the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.sources import BadSources, read_sources, rows
from schemas.sources import Source
from services.scraping.polling import answered
from services.scraping.recording import Poll, recorded

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SOURCE = Source(source="harbour", url="https://harbour.example/feed", outlet="The Harbour Post")


def test_example_file_is_read() -> None:
    [source] = read_sources(Path(__file__).parents[3] / "deploy/sources/example.yaml")
    assert source.interval_seconds == 120


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sources: []", "has no list"),
        ("- a", "has no list"),
        ("sources: [{source: A b, url: x, outlet: y}]", "source 1"),
        ("sources: [{source: a, url: x, outlet: y}, {source: a, url: z, outlet: y}]", "twice"),
        ("sources: [", "cannot be read"),
    ],
)
def test_file_that_breaks_its_form_is_named_with_the_cure(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSources, match=says) as bad:
        read_sources(path)
    assert str(path) in str(bad.value)


def test_row_tells_silence_from_deafness() -> None:
    poll = recorded(SOURCE, None, Poll(answered(404)), NOW)
    [row] = rows(({"harbour": SOURCE}, {"harbour": poll}), NOW + timedelta(minutes=3))
    assert row[2] == "3 min ago"
    assert row[5].startswith("in ")
    assert "nothing at the feed's address" in row[6]


def test_source_not_polled_yet_paused_or_removed() -> None:
    paused = SOURCE.model_copy(update={"source": "quay", "paused": True})
    removed = SOURCE.model_copy(update={"source": "gone", "removed": True})
    listed = rows(({"harbour": SOURCE, "quay": paused, "gone": removed}, {}), NOW)
    assert [(row[0], row[2], row[5]) for row in listed] == [
        ("harbour", "not yet", "now"),
        ("quay", "not yet", "paused"),
    ]
