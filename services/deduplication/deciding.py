"""Decides of every article version whether it is an original, a copy or a revision, whose text it is, and what story it tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np
import xxhash

from runtime.handling import Answer, Output, Reject
from schemas.articles import Article, CopyDecision, Copying
from schemas.base import Fact, Position, answering
from schemas.facts import ArticleDeduplicated, ArticleExtracted, SketchKept
from schemas.ids import derive, fact_id
from schemas.outcomes import Outcome
from services.deduplication.comparing import Comparison, compare
from services.deduplication.origins import agency_of, outlet_of
from services.deduplication.readings import read
from services.deduplication.texts import Texts
from services.deduplication.window import Window, article_key, marks_of

CANDIDATES = 8
CAP = 200
NAMES = 24


@dataclass(frozen=True)
class Found:
    """A remembered version that the new one comes from."""

    number: int
    decision: CopyDecision
    comparison: Comparison
    reason: str


class Deduplicating:
    """The decider of copies and stories. `texts` gives the exact wording of candidates."""

    name = "deduplication"
    inbox = "articles-extracted"
    memory = "sketches-kept"

    def __init__(self, texts: Texts, window: timedelta = timedelta(hours=72)) -> None:
        self.texts = texts
        self.window = window

    def initial(self) -> Window:
        """Nothing remembered."""
        return Window(self.window)

    def remembers(self, fact: Fact) -> bool:
        """Every sketch is a memory of this service."""
        return isinstance(fact, SketchKept)

    def evolve(self, state: Window, fact: Fact) -> Window:
        """The window with one more version."""
        if isinstance(fact, SketchKept):
            state.add(fact)
        return state

    def decide(self, state: Window, fact: Fact, position: Position) -> Answer:
        """What this version is. Raises `Reject` for a fact that is no article."""
        if not isinstance(fact, ArticleExtracted):
            raise Reject(f"{fact.name()} in articles-extracted: only ArticleExtracted is read here")
        article = fact.article
        self.texts.keep(position.offset, article.version, article.headline, article.text)
        found = self._found(state, fact)
        names = tuple(_name_hash(name) for name in article.names[:NAMES])
        copying = _copying(state, article, found, _story(state, article, names, found))
        kept = SketchKept(
            id=fact_id("SketchKept", fact.id),
            meta=answering(fact, position),
            article=article.article,
            version=article.version,
            decision=copying.decision,
            of=copying.of,
            origin=copying.origin,
            story=copying.story,
            seen=article.fetched,
            sketch=fact.sketch,
            outlet=outlet_of(article),
            names=names,
        )
        told = ArticleDeduplicated(
            id=fact_id("ArticleDeduplicated", fact.id),
            meta=answering(fact, position),
            article=article,
            copying=copying,
        )
        key = str(article.article)
        return Answer(
            outcome=Outcome.published,
            outputs=(Output("articles-deduplicated", key, told), Output("sketches-kept", key, kept)),
            detail=f"{copying.decision}: {copying.reason}",
        )

    def _found(self, state: Window, fact: ArticleExtracted) -> Found | None:
        mine = read(fact.article.headline, fact.article.text)
        if (last := _last_version(state, fact.article.article)) is not None:
            theirs = read(*self._text(state, last))
            return Found(last, CopyDecision.revision, compare(mine, theirs), "same_address")
        best: Found | None = None
        for number in _alike(state, marks_of(fact.sketch.minhash)):
            comparison = compare(mine, read(*self._text(state, number)))
            if comparison.same_text and (best is None or comparison.containment > best.comparison.containment):
                best = Found(number, CopyDecision.copy, comparison, "same_wording")
        return best

    def _text(self, state: Window, number: int) -> tuple[str, str]:
        row = state.row(number)
        return self.texts.read(int(row["offset"]), UUID(bytes=row["version"].tobytes()))


def _last_version(state: Window, article: UUID) -> int | None:
    numbers = _holders(state, [article_key(article)])
    same = [number for number in numbers if state.row(number)["article"].tobytes() == article.bytes]
    return max(same, default=None)


def _alike(state: Window, marks: list[int]) -> list[int]:
    shared = _holders(state, marks)
    return [number for number, _ in sorted(shared.items(), key=lambda held: (-held[1], held[0]))[:CANDIDATES]]


def _holders(state: Window, keys: list[int]) -> Counter[int]:
    shared: Counter[int] = Counter()
    for _, numbers, _ in state.index.find(np.array(keys, dtype=np.uint64), CAP):
        shared.update(numbers.tolist())
    return Counter({number: count for number, count in shared.items() if state.remembers(number)})


def _copying(state: Window, article: Article, found: Found | None, story: UUID) -> Copying:
    if found is None:
        origin = agency_of(article) or outlet_of(article)
        return Copying(decision=CopyDecision.original, similarity=0, origin=origin, story=story, reason="no_text_alike")
    row = state.row(found.number)
    return Copying(
        decision=found.decision,
        of=UUID(bytes=row["version"].tobytes()),
        similarity=round(found.comparison.containment, 4),
        origin=state.said[row["origin"]],
        story=story,
        reason=found.reason,
    )


def _story(state: Window, article: Article, names: tuple[int, ...], found: Found | None) -> UUID:
    if found is not None:
        return UUID(bytes=state.row(found.number)["story"].tobytes())
    shared = _holders(state, list(names))
    for number, count in sorted(shared.items(), key=lambda held: (-held[1], held[0]))[:1]:
        if count >= max(3, len(names) // 2):
            return UUID(bytes=state.row(number)["story"].tobytes())
    return derive("story", article.version)


def _name_hash(name: str) -> int:
    return xxhash.xxh32_intdigest(name.lower().encode())
