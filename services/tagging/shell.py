"""Runs tagging on the log: batches to a pool of processes, each with the lists and the weights in memory."""

from __future__ import annotations

from runtime import batch
from runtime.handling import Answer
from schemas.base import Fact, Position
from services.tagging.answering import answer_to
from services.tagging.entities.gazetteer import gazetteer
from services.tagging.lexicon import readings
from services.tagging.model import weights_in
from services.tagging.settings import Settings


def handle(fact: Fact, position: Position) -> Answer:
    """The answer to one message; called by name in the pool."""
    return answer_to(fact, position)


def load() -> None:
    """Read lists, lexicon and weights once in a process of the pool."""
    gazetteer(), readings(), weights_in()


def run(settings: Settings) -> None:
    """Tag until told to stop."""
    batch.run("tagging", "articles-deduplicated", handle, settings, prepare=load)
