"""`copytaster try deduplication`: copies, revisions and stories of articles in time order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from console.trying import Line, LineRejected, Options
from schemas.articles import Article, Copying, Outlet
from schemas.base import Meta, Position
from schemas.facts import ArticleDeduplicated, ArticleExtracted
from schemas.ids import article_id, derive, fact_id, page_id, trace_id, version_id
from schemas.sketching import names_of, sketch_of
from services.deduplication.deciding import Deduplicating
from services.deduplication.wordings import WordingsInMemory

WITHOUT_MEMORY = False
FORGETS_NOTHING = timedelta(days=36_500)
"""A trial remembers all lines that it was given; the service remembers its window."""


def opened(_options: Options) -> Callable[[Line], Line]:
    """The function that answers one line after the other, remembering those before."""
    decider = Deduplicating(WordingsInMemory(), window=FORGETS_NOTHING)
    state = decider.initial()
    ids: dict[UUID, object] = {}

    def answer(line: Line) -> Line:
        nonlocal state
        position = Position(topic=decider.inbox, partition=0, offset=len(ids))
        fact = _extracted(line, position)
        outputs = decider.decide(state, fact, position).outputs
        ids[fact.article.version] = line.get("id")
        state = decider.evolve(state, outputs[-1].fact)
        told = next(output.fact for output in outputs if isinstance(output.fact, ArticleDeduplicated))
        return _answer(told.copying, ids)

    return answer


def _answer(copying: Copying, ids: dict[UUID, object]) -> Line:
    return {
        "decision": copying.decision.value,
        "of": ids[copying.of] if copying.of else None,
        "similarity": copying.similarity,
        "origin": copying.origin,
        "story": str(copying.story),
        "reason": copying.reason,
        "differs": list(copying.differs),
    }


def _extracted(line: Line, position: Position) -> ArticleExtracted:
    headline, text, url = (_said(line, name) for name in ("headline", "text", "url"))
    if not (headline.strip() or text.strip()):
        raise LineRejected("no_text")
    when = _when(line)
    page = page_id(url, derive("body", headline, text).hex, derive("line", position.offset))
    article = article_id(url or f"line {position.offset}")
    outlet = _said(line, "outlet")
    return ArticleExtracted(
        id=fact_id("ArticleExtracted", page),
        meta=Meta(trace=trace_id(page), root_at=when),
        article=Article(
            article=article,
            version=version_id(article, page),
            page=page,
            url=url,
            canonical_url=url,
            outlet=Outlet(source=outlet, name=outlet, tier=2),
            headline=headline,
            text=text,
            authors=tuple(line.get("authors") or ()),
            published=when,
            fetched=when,
            language=line.get("language"),
            names=names_of(headline, text),
        ),
        sketch=sketch_of(headline, text),
    )


def _said(line: Line, name: str) -> str:
    value: Any = line.get(name) or ""
    if not isinstance(value, str):
        raise LineRejected(f"{name}_is_no_text")
    return value


def _when(line: Line) -> datetime:
    value = line.get("published")
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise LineRejected("published_is_no_time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
