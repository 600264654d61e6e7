"""An article in small: what finding its copies and its story needs, computed once, in extraction.

The sketch is a scaled (Frac) MinHash with a budget: of the 64-bit hashes of all word shingles the lowest are kept, so that any two
sketches are samples at a known rate and *containment* can be estimated, not resemblance alone (L. C. Irber et al., "Lightweight
compositional analysis of metagenomes with FracMinHash and minimum metagenome covers", 2022; A. Broder, "On the resemblance and
containment of documents", 1997).
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache

import numpy as np
import xxhash
from numpy.typing import NDArray

from schemas.articles import Sketch

KIND = "frac-1"
MARKS = 40
"""Shingle hashes kept of a text; 4 bytes each."""
SHINGLE = 4
"""Words in a shingle."""

Hashes = NDArray[np.uint64]

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_NAME = re.compile(r"[^\W\d_a-z][\w'’-]*(?:[ ](?:(?:of|the|al|de|bin|van|von)[ ])*[^\W\d_a-z][\w'’-]*)*")
_SENTENCE = re.compile(r"(?<=[.!?…:”\"])\s+|\n+")
_CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
_MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
)


def words_of(text: str) -> list[str]:
    """The words and numbers of a text in order, lower case, without the apostrophes that house styles set differently."""
    return [word.replace("'", "").replace("’", "") for word in _WORD.findall(text.lower())]


@lru_cache(maxsize=1 << 17)
def word_hash(word: str) -> int:
    """64 bits that stand for a word, the same in every process."""
    return xxhash.xxh3_64_intdigest(word.encode())


def shingles_of(words: list[str]) -> Hashes:
    """The hashes of all runs of `SHINGLE` words, in order; a text shorter than that is one run."""
    one = np.array([word_hash(word) for word in words], dtype=np.uint64)
    if not len(one):
        return one
    width = min(SHINGLE, len(one))
    length = len(one) - width + 1
    mixed = np.zeros(length, dtype=np.uint64)
    for place in range(width):
        mixed = (mixed ^ one[place : place + length]) * _MULTIPLIERS[place]
        mixed ^= mixed >> np.uint64(29)
    return mixed


def sketch_of(headline: str, text: str) -> Sketch:
    """The sketch of one article version; headline and text are plain, as extraction gives them."""
    words = words_of(text) or words_of(headline)
    lowest = np.unique(shingles_of(words))[:MARKS]
    marks = (lowest & np.uint64(0xFFFFFFFF)).astype("<u4")
    return Sketch(words=len(words), minhash=base64.b85encode(marks.tobytes()).decode(), kind=KIND)


def names_of(headline: str, text: str) -> tuple[str, ...]:
    """The capitalised names of headline and text, each once, in the order of their first mention.

    A word that only opens a sentence is taken for a name when it stands capitalised inside another one too, or when more
    capitalised words follow it.
    """
    inside: dict[str, None] = {}
    opening: dict[str, None] = {}
    for sentence in _SENTENCE.split(f"{headline}\n{text}"):
        for found in _NAME.finditer(sentence):
            name = re.sub(r"['’]s$", "", found.group())
            first = found.start() <= 1 and " " not in name
            (opening if first else inside).setdefault(name)
    known = {part for name in inside for part in name.split()}
    every = [*inside, *(name for name in opening if name in known)]
    return tuple(name for name in dict.fromkeys(every) if len(name) > 1 and name.lower() not in _CALENDAR)
