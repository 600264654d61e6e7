"""One page in, one article or the reason why there is none out; runs in the processes of the pool."""

from __future__ import annotations

from datetime import UTC, datetime

from runtime.handling import Answer, Output, Reject
from schemas.base import Fact, Position, answering
from schemas.bodies import BadBody, unpack
from schemas.facts import ArticleExtracted, PageFetched
from schemas.ids import fact_id
from schemas.outcomes import Outcome
from services.extraction.languages import language_of
from services.extraction.reading import Suppression, read
from services.extraction.times import stamp_of


def load() -> None:
    """Load what takes long before the first page: the language model and the extraction library."""
    language_of("The text is long enough to be told from its words. " * 8)
    stamp_of(datetime.now(UTC).isoformat())


def handle(fact: Fact, position: Position) -> Answer:
    """The article that a page holds. Raises `Reject` for a body that is too large or broken."""
    if not isinstance(fact, PageFetched):
        return Answer(Outcome.not_for_this_reader, detail=fact.name())
    found = read(fact, _raw(fact))
    if isinstance(found, Suppression):
        return Answer(found.outcome, detail=found.detail)
    said = ArticleExtracted(
        id=fact_id(ArticleExtracted.name(), fact.id),
        meta=answering(fact, position),
        article=found.article,
        sketch=found.sketch,
    )
    return Answer(Outcome.published, (Output("articles-extracted", str(found.article.article), said),))


def _raw(page: PageFetched) -> bytes:
    try:
        return unpack(page.body)
    except BadBody as error:
        too_large = "more than" in str(error)
        raise Reject(f"{page.final_url}: {error}", Outcome.page_too_large if too_large else Outcome.invalid) from error
