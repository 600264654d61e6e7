"""The services as they are started: every deciding one, with production's own settings."""

from __future__ import annotations

from console.again.course import Course


def whole_course() -> Course:
    """From pages to alerts. Delivery is no part of it: nothing that is decided again is sent."""
    from services.alerting.deciding import Alerting
    from services.deduplication.deciding import Deduplicating
    from services.deduplication.wordings import WordingsInMemory
    from services.extraction.shell import handle as extract
    from services.tagging.answering import answer_to
    from services.tracking.deciding import Tracking

    stateless = {"pages-fetched": extract, "articles-deduplicated": answer_to}
    return Course(stateless, (Deduplicating(WordingsInMemory()), Tracking(), Alerting()))
