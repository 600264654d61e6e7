"""The running services on the real broker: from a configured source to an extracted article, through kills."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from runtime.brokers import BrokerSettings
from runtime.handling import Output
from runtime.memory import read_to_end
from runtime.publish import Publisher
from runtime.settings import ServiceSettings
from schemas import ids
from schemas.base import Fact, Meta
from schemas.facts import ArticleExtracted, PageFetched, PollRecorded, SourceConfigured
from schemas.sources import Source

sys.path.insert(0, str(Path(__file__).parent))
from outlet import outlet, page, rss

pytestmark = pytest.mark.broker
PROJECT = Path(__file__).parents[3]
TOPICS = ("sources", "pages-fetched", "polls-recorded", "articles-extracted", "messages-suppressed")


def eventually(found: Callable[[], Any], within: float = 60) -> Any:
    end = time.monotonic() + within
    while not (value := found()):
        assert time.monotonic() < end, f"not within {within:.0f} s; last: {value!r}"
        time.sleep(0.1)
    return value


class Log:
    """The topics of one test."""

    def __init__(self, broker: BrokerSettings) -> None:
        self.settings = ServiceSettings(broker=broker)

    def facts(self, topic: str) -> list[Fact]:
        found: list[Fact] = []
        read_to_end(self.settings, topic, lambda fact, _: found.append(fact))
        return found

    def configure(self, source: Source) -> None:
        at = datetime.now(UTC)
        identity = ids.derive("test", source.source, at)
        fact = SourceConfigured(
            id=identity, meta=Meta(trace=ids.trace_id(identity), root_at=at), person="ada", source=source
        )
        with Publisher(self.settings, "desk") as publisher:
            publisher.put([Output("sources", source.source, fact)])

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "KAFKA_BOOTSTRAP_SERVERS": self.settings.broker.bootstrap_servers,
            "COPYTASTER_NAMESPACE": self.settings.broker.namespace,
            "COPYTASTER_POOL": "1",
            "COLUMNS": "200",
        }

    def start(self, service: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", f"services.{service}"], cwd=PROJECT, env=self.environment)

    def sources(self, *said: str) -> str:
        command = [sys.executable, "-m", "console", "sources", *said]
        return subprocess.run(
            command, cwd=PROJECT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout


@pytest.mark.slow
def test_a_story_is_extracted_and_a_killed_scraper_goes_on_where_it_was(
    make_topics: Callable[[Iterable[str]], BrokerSettings],
) -> None:
    log, running = Log(make_topics(TOPICS)), []
    with outlet() as harbour:
        stamp = format_datetime(datetime.now(UTC))
        names = [f"story-{n}" for n in range(12)]
        for name in names:
            harbour.say(f"/{name}", page(f"Ferry {name} is late"))
        harbour.say("/feed", rss(*names, published=stamp, base=harbour.base), "application/rss+xml")
        log.configure(
            Source(source="harbour", url=f"{harbour.base}/feed", outlet="Harbour", internal=True, interval_seconds=1)
        )
        try:
            running = [log.start("scraping"), log.start("extraction")]
            eventually(lambda: log.facts("pages-fetched"))
            running[0].kill()
            running[0].wait()
            running[0] = log.start("scraping")
            eventually(lambda: len({fact.id for fact in log.facts("articles-extracted")}) == 12)
            polled = eventually(
                lambda: [f for f in log.facts("polls-recorded") if isinstance(f, PollRecorded) and len(f.seen) == 12]
            )
            assert polled[-1].held_as_backfill == 0
            harbour.say("/story-3", page("Ferry story-3 was never late"))
            harbour.say("/feed", rss(*names, "story-12", published=stamp, base=harbour.base), "application/rss+xml")
            harbour.say("/story-12", page("Another ferry"))
            articles = eventually(lambda: found if len(found := _articles(log)) == 14 else None)
            listed = log.sources("list")
            log.sources("pause", "harbour")
            paused = log.sources("list")
        finally:
            for process in running:
                process.terminate()
            ends = [process.wait(30) for process in running]
    assert ends == [0, 0]
    assert "Harbour" in listed
    assert "13" in listed
    assert "paused" in paused
    pages = {fact.id for fact in log.facts("pages-fetched") if isinstance(fact, PageFetched)}
    assert len(pages) == 14
    versions = [one.article for one in articles.values() if one.article.url.endswith("/story-3")]
    assert len({one.article for one in versions}) == 1
    assert {one.headline for one in versions} == {"Ferry story-3 is late", "Ferry story-3 was never late"}


def _articles(log: Log) -> dict[Any, ArticleExtracted]:
    return {fact.id: fact for fact in log.facts("articles-extracted") if isinstance(fact, ArticleExtracted)}
