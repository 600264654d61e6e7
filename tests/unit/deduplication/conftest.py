"""A newsroom in small: articles are sent to the decider one after the other, and its answers are kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.articles import Article, Copying, Outlet
from schemas.base import Meta, Position
from schemas.facts import ArticleDeduplicated, ArticleExtracted, SketchKept, StoryRevised
from schemas.ids import article_id, fact_id, page_id, trace_id, version_id
from schemas.sketching import names_of, sketch_of
from services.deduplication.deciding import Deduplicating
from services.deduplication.window import Window
from services.deduplication.wordings import WordingsInMemory

TEXTS = Path(__file__).parents[2] / "data" / "stories"
MORNING = datetime(2026, 5, 12, 6, 0, tzinfo=UTC)


def extracted(
    number: int, text: str, headline: str, outlet: str, url: str, when: datetime, **more: Any
) -> ArticleExtracted:
    page = page_id(url, f"{headline}{text}", None)
    article = article_id(url)
    return ArticleExtracted(
        id=fact_id("ArticleExtracted", page, number),
        meta=Meta(trace=trace_id(page), root_at=when),
        article=Article(
            article=article, version=version_id(article, page), page=page, url=url, canonical_url=url,
            outlet=Outlet(source=outlet.lower(), name=outlet, tier=2), headline=headline, text=text,
            fetched=when, published=when, names=names_of(headline, text), **more,
        ),
        sketch=sketch_of(headline, text),
    )  # fmt: skip


@dataclass
class Newsroom:
    decider: Deduplicating = field(default_factory=lambda: Deduplicating(WordingsInMemory()))
    minute: int = 0
    sent: list[ArticleExtracted] = field(default_factory=list)
    kept: list[SketchKept] = field(default_factory=list)
    revised: list[StoryRevised] = field(default_factory=list)
    state: Window = field(init=False)

    def __post_init__(self) -> None:
        self.state = self.decider.initial()

    def reads(
        self, text: str, headline: str = "", outlet: str = "Gazette", url: str = "", hours: float = 0, **more: Any
    ) -> Copying:
        number = len(self.sent)
        when = MORNING + timedelta(hours=hours, minutes=number)
        fact = extracted(
            number, text, headline, outlet, url or f"https://{outlet.lower()}.example/{number}", when, **more
        )
        self.sent.append(fact)
        answer = self.decider.decide(self.state, fact, Position(topic="articles-extracted", partition=0, offset=number))
        told = [output.fact for output in answer.outputs]
        self.revised += [one for one in told if isinstance(one, StoryRevised)]
        memory = told[-1]
        assert isinstance(memory, SketchKept)
        self.kept.append(memory)
        self.state = self.decider.evolve(self.state, memory)
        assert isinstance(told[0], ArticleDeduplicated)
        return told[0].copying

    def version(self, number: int) -> Any:
        return self.sent[number].article.version


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


@pytest.fixture(scope="session")
def story() -> Callable[[str], str]:
    return lambda name: (TEXTS / f"{name}.txt").read_text(encoding="utf-8").strip()
