"""A suppression is a small fact too: who ended which message, about what, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from runtime.handling import Answer, Output
from runtime.messages import Message
from schemas.base import Fact, answering
from schemas.facts import MessageSuppressed
from schemas.ids import derive
from schemas.outcomes import Ending, Outcome

TOPIC = "messages-suppressed"
_UNTOLD = {Outcome.repeat, Outcome.not_for_this_reader}


def suppression(service: str, answer: Answer, fact: Fact, message: Message) -> Output | None:
    """The fact that says this message was suppressed, or None if it was not, or if nobody asks why not.

    Its time is that of the record, so that a repeat says the same.
    """
    if answer.outcome.ending is not Ending.suppressed or answer.outcome in _UNTOLD:
        return None
    about, url = subject(fact)
    said = MessageSuppressed(
        id=derive("MessageSuppressed", service, fact.id),
        meta=answering(fact, message.position),
        service=service,
        outcome=answer.outcome.value,
        about=about,
        url=url,
        detail=answer.detail,
        at=datetime.fromtimestamp(message.timestamp_ms / 1000, UTC),
    )
    return Output(TOPIC, about, said)


def subject(fact: Fact) -> tuple[str, str]:
    """What a fact is about: the id of its article (else its own) and its address (else nothing)."""
    for holder in (getattr(fact, "head", None), getattr(fact, "article", None), fact):
        url = _address(holder)
        if url:
            return str(_article(holder) or fact.id), url
    return str(_article(fact) or fact.id), ""


def _address(holder: Any) -> str:
    return str(
        getattr(holder, "canonical_url", None)
        or getattr(holder, "final_url", None)
        or getattr(holder, "url", None)
        or ""
    )


def _article(holder: Any) -> Any:
    article = getattr(holder, "article", None)
    return getattr(article, "article", article)
