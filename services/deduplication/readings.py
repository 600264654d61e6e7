"""What a text says, in the form in which two texts are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from schemas.sketching import Hashes, names_of, shingles_of, words_of


@dataclass(frozen=True, eq=False)
class Reading:
    """One article version: the hashes of its runs of words, its numbers and its names."""

    headline: str
    text: str
    words: tuple[str, ...]
    shingles: Hashes
    numbers: frozenset[str]
    names: frozenset[str]


def read(headline: str, text: str) -> Reading:
    """The reading of a headline and a text, either of which may be empty."""
    words = words_of(text) or words_of(headline)
    return Reading(
        headline=headline,
        text=text,
        words=tuple(words),
        shingles=np.unique(shingles_of(words)),
        numbers=frozenset(re.findall(r"\d+(?:[.,:]\d+)*", text)),
        names=frozenset(names_of("", text)),
    )
