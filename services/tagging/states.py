"""States: whether a word of a sentence names a state, a people or a seat of power."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from services.tagging.entities.gazetteer import gazetteer
from services.tagging.words import Word

STATES = frozenset({"demonym", "state", "capital", "seat"})
MEANINGS = 2
"""How many of the likeliest meanings of a name count."""


def is_state(words: Sequence[Word], place: int) -> bool:
    """Whether a state, a people or a seat of power is named at this word, alone or with the next."""
    word = words[place]
    if not word.capital:
        return False
    after = words[place + 1] if place + 1 < len(words) else None
    pair = f"{word.text} {_bare(after)}" if after is not None and after.capital else ""
    return _is_state(_bare(word)) or bool(pair and _is_state(pair))


def _bare(word: Word) -> str:
    return word.text[:-2] if word.possessive else word.text


@cache
def _is_state(name: str) -> bool:
    return any(meaning.kind in STATES for meaning in gazetteer().meanings.get(name, ())[:MEANINGS])
