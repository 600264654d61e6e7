"""Who says a sentence: beside a verb of saying, before a colon, behind a dash at its end, or “according to”."""

from __future__ import annotations

from collections.abc import Sequence

from services.tagging.actors import Actor
from services.tagging.lexicon import english
from services.tagging.words import Word

DASHES = frozenset("-–—")
SOURCE = ("according", "to")
SAYER_WORDS = 7
"""Words that a name with its office may have before the colon, or behind the dash."""


def sayer_in(words: Sequence[Word], actors: Sequence[Actor], first: int, last: int) -> Actor | None:
    """The actor that says a sentence, outside the words `first` to `last` of the claim itself."""
    sayers = [a for a in actors if a.kind != "many" and not a.place]
    return _labelled(words, sayers) or _saying(words, sayers, first, last) or _source(words, sayers)


def _labelled(words: Sequence[Word], actors: Sequence[Actor]) -> Actor | None:
    """“X: …” and “… - X”."""
    for place, word in enumerate(words[: SAYER_WORDS + 1]):
        if word.low == ":" and (before := [a for a in actors if a.end == place]):
            return before[-1]
    tail = next(
        (p for p in range(len(words) - 1, max(0, len(words) - SAYER_WORDS), -1) if words[p].low in DASHES), None
    )
    if tail is None or not tail:
        return None
    behind = [a for a in actors if a.start > tail]
    ends = len(words) - 1 if words[-1].low == "." else len(words)
    return behind[-1] if behind and behind[-1].end == ends else None


def _saying(words: Sequence[Word], actors: Sequence[Actor], first: int, last: int) -> Actor | None:
    for place, word in enumerate(words):
        if word.low in english().words["sayings"] and not first <= place < last:
            near = [a for a in actors if a.end <= place and place - a.end < 5]
            near = near[-1:] or [a for a in actors if 0 < a.start - place < 4][:1]
            if near:
                return near[0]
    return None


def _source(words: Sequence[Word], actors: Sequence[Actor]) -> Actor | None:
    for place in range(len(words) - 2):
        if (words[place].low, words[place + 1].low) == SOURCE:
            return next((a for a in actors if 0 <= a.start - place - 2 < 6), None)
    return None
