"""Answering one deduplicated article: its head with entities, and what it asserts."""

from __future__ import annotations

import re

from runtime.handling import Answer, Output
from schemas.articles import Article, CopyDecision, Head, head_of
from schemas.base import Fact, Position, answering
from schemas.facts import ArticleDeduplicated, ArticleTagged, AssertionsMade
from schemas.ids import fact_id
from schemas.outcomes import Outcome
from services.tagging.gate import STOPPED
from services.tagging.tagging import Story, Tagged, tag

CORRECTS = re.compile(
    r"^\W*(?:correction|corrects|corrected|clarification|editor[’']s note|refiles|withdrawal|retraction)\b|"
    r"\b(?:an earlier version of this (?:article|story|report)|this (?:article|story|report) has been (?:corrected|amended)|"
    r"(?:kills|withdraws|retracts) (?:the |its )?(?:earlier )?(?:story|report|alert))",
    re.IGNORECASE | re.MULTILINE,
)


def answer_to(fact: Fact, position: Position) -> Answer:
    """The answer to a message: tagged, and asserted where something is, or where a revision may have lost it. Pure."""
    if not isinstance(fact, ArticleDeduplicated):
        return Answer(Outcome.not_for_this_reader, detail=fact.name())
    article = fact.article
    tagged = tag(
        Story(article.version, article.headline, article.text, article.reference_time.isoformat(), article.language)
    )
    head = head_of(article, fact.copying)
    outputs = [Output("articles-tagged", str(article.article), _tagged_fact(fact, position, head, tagged))]
    if tagged.assertions or fact.copying.decision is CopyDecision.revision:
        outputs.append(Output("tracking-inbox", str(article.article), _made_fact(fact, position, head, tagged)))
    return Answer(_outcome(tagged, len(outputs)), tuple(outputs), detail=_gate(tagged))


def _outcome(tagged: Tagged, outputs: int) -> Outcome:
    if outputs > 1 or tagged.gate:
        return Outcome.published
    return Outcome.language_not_read if tagged.unread else Outcome.gate_stopped


def _gate(tagged: Tagged) -> str:
    """Which words let it through, or `stopped`, or why it was not read."""
    if tagged.unread:
        return tagged.unread
    return ", ".join(f"{family}: {word}" for family, word in tagged.gate.items()) or STOPPED


def _tagged_fact(fact: ArticleDeduplicated, position: Position, head: Head, tagged: Tagged) -> ArticleTagged:
    return ArticleTagged(
        id=fact_id(ArticleTagged.name(), fact.id),
        meta=answering(fact, position),
        head=head,
        entities_sought=tagged.entities_sought,
        entities=tagged.entities,
        names=() if tagged.entities_sought else fact.article.names,
        families=tuple(family for family, told in tagged.alert.items() if told),
        assertions=len(tagged.assertions),
        gate=_gate(tagged),
    )


def _made_fact(fact: ArticleDeduplicated, position: Position, head: Head, tagged: Tagged) -> AssertionsMade:
    return AssertionsMade(
        id=fact_id(AssertionsMade.name(), fact.id),
        meta=answering(fact, position),
        head=head,
        assertions=tagged.assertions,
        entities=tagged.entities,
        states_a_correction=states_a_correction(fact.article),
    )


def states_a_correction(article: Article) -> bool:
    """Whether the text itself says that it corrects or withdraws what was said before."""
    return bool(
        CORRECTS.search(article.headline) or CORRECTS.search(article.text[:600]) or CORRECTS.search(article.text[-600:])
    )
