"""An article in small: what finding its copies and its story needs, computed once, in extraction, in whole numbers alone.

The sketch is a scaled (Frac) MinHash with a budget: of the hashes of all runs of words the lowest are kept, so that any two sketches
are samples at a known rate and *containment* can be estimated, not resemblance alone (L. C. Irber and others, "Lightweight
compositional analysis of metagenomes with FracMinHash and minimum metagenome covers", 2022; A. Broder, "On the resemblance and
containment of documents", 1997). A second, denser sample covers the opening, which is what a shortened copy keeps.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import isqrt
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from schemas.articles import Sketch

KIND = "frac-2"
WEIGHTS_FILE = Path(__file__).parent / "word_weights.bin"
SHINGLE = 4
"""Words in a run."""
MARKS, LEAD_MARKS, LEAD = 24, 12, 64
"""Hashes kept of the whole text, hashes kept of its opening, and words of the opening."""
SKETCH_TERMS, READING_TERMS = 22, 256
"""Terms kept in a sketch and in a reading."""
UNSEEN = 185
"""Weight (sixteenths of a nat) of a word that is in no list: rarer than one article in ten thousand."""
UNIT = 255
"""The length of a vector of terms."""

Hashes = NDArray[np.uint64]
Terms = NDArray[np.int64]

_TOKEN = re.compile(r"\w+(?:['’.,:/]\w+)*|%")
_PER_CENT = re.compile(r"\bper cent\b")
_NUMBERS = {word: str(number) for number, word in enumerate("two three four five six seven eight nine ten".split(), 2)}  # noqa: SIM905
_SAME = {
    "%": "percent", "pct": "percent", "programme": "program", "mln": "million", "bln": "billion", "dlrs": "dollars",
    "stg": "sterling", "towards": "toward", "amongst": "among", "whilst": "while", "tonnes": "tons", "grey": "gray",
}  # fmt: skip
_HOUSE = (
    (re.compile(r"our(?=s?$|ed$|ing$|ite|able|hood)"), "or"),
    (re.compile(r"is(?=(?:e|ed|es|ing|er|ers|ation|ations)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|ed|es|ing)$)"), "yz"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"ence(?=s?$)"), "ense"),
)
_FUNCTION = frozenset(
    """the a an of in on at to for and by with from that its said has is was it he she they we i this but as after his her their
    if when while there these those not no what who how more most some many one all be been are were have had will would could
    which or also than then him them you your our us my me s t""".split()  # noqa: SIM905
)
_NAME = re.compile(r"[^\W\d_a-z][\w'’-]*(?:[ ](?:(?:of|the|al|de|bin|van|von)[ ])*[^\W\d_a-z][\w'’-]*)*")
_SENTENCE = re.compile(r"(?<=[.!?…:”\"])\s+|\n+")
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december""".split()  # noqa: SIM905
)
_MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
)
_SHIFT = np.uint64(29)
_SLOT_HASH = np.uint64(0x5851F42D4C957F2D)
_LOW = np.uint64(0xFFFFFFFF)
_FREQUENCY = np.array([16 + round(16 * float(np.log(max(1, n)))) for n in range(65)], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Reading:
    """One article version as it is compared: its words in order, which of them are facts, and what it is about.

    `slots` marks numbers and capitalised words: what a template would fill in. `terms` are hashes in ascending order and `weights`
    theirs, a vector of length `UNIT`.
    """

    words: Hashes
    slots: NDArray[np.bool_]
    headline: Hashes
    terms: Terms
    weights: Terms

    @cached_property
    def runs(self) -> Hashes:
        """The hashes of all runs of words, in order."""
        return runs_of(self.words)

    @cached_property
    def ordered(self) -> Hashes:
        """The runs, each once, in ascending order."""
        return distinct(self.runs)

    @cached_property
    def frames(self) -> Hashes:
        """The same with every number and name left out: alike in texts that fill one template."""
        return runs_of(np.where(self.slots, _SLOT_HASH, self.words))


class _Vocabulary(dict[str, int]):
    """Tokens seen so far, each with its row in columns of what is known of it; emptied when it has grown too large."""

    LARGEST = 1 << 18

    def __init__(self) -> None:
        super().__init__()
        self._clear()

    def _clear(self) -> None:
        self.clear()
        self.hash = np.zeros(1 << 12, dtype=np.uint64)
        self.term = np.zeros(1 << 12, dtype=np.int64)
        self.weight = np.zeros(1 << 12, dtype=np.int64)
        self.slot = np.zeros(1 << 12, dtype=np.bool_)

    def rows(self, tokens: list[str]) -> NDArray[np.int64]:
        """The rows of these tokens."""
        if len(self) > self.LARGEST:
            self._clear()
        return np.array([self[token] for token in tokens], dtype=np.int64)

    def __missing__(self, token: str) -> int:
        row = len(self)
        if row == len(self.hash):
            for name in ("hash", "term", "weight", "slot"):
                column = getattr(self, name)
                setattr(self, name, np.concatenate([column, np.zeros_like(column)]))
        word = word_of(token)
        self.hash[row] = word_hash(word)
        self.term[row] = word_hash(_stem(word)) & 0xFFFFFFFF
        self.weight[row] = _telling(word, token)
        self.slot[row] = word not in _FUNCTION and (token[0].isupper() or word[:1].isdigit())
        self[token] = row
        return row


def tokens_of(text: str) -> list[str]:
    """Words and numbers of a text as they stand."""
    return _TOKEN.findall(_PER_CENT.sub("percent", text))


def word_of(token: str) -> str:
    """The word that a token stands for: lower case, house spellings made one, small numbers in figures."""
    if token[0].isdigit():
        return token
    word = token.lower().replace("’", "").replace("'", "").replace(".", "")
    word = _NUMBERS.get(word) or _SAME.get(word, word)
    if len(word) > 4:
        for spelling, other in _HOUSE:
            word = spelling.sub(other, word)
    return word


def word_hash(word: str) -> int:
    """64 bits that stand for a word, the same in every process."""
    return xxhash.xxh3_64_intdigest(word.encode())


def runs_of(words: Hashes) -> Hashes:
    """The hashes of all runs of `SHINGLE` words, in order; a shorter text is one run."""
    width = min(SHINGLE, len(words))
    length = len(words) - width + 1 if width else 0
    mixed = np.zeros(length, dtype=np.uint64)
    for place in range(width):
        mixed = (mixed ^ words[place : place + length]) * _MULTIPLIERS[place]
        mixed ^= mixed >> _SHIFT
    return mixed


def distinct(hashes: Hashes) -> Hashes:
    """Each hash once, in ascending order."""
    ordered = np.sort(hashes)
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def found_in(hashes: Hashes, ordered: Hashes) -> NDArray[np.bool_]:
    """Which of the hashes stand among others, which are in ascending order."""
    if not len(ordered):
        return np.zeros(len(hashes), dtype=np.bool_)
    places = np.searchsorted(ordered, hashes)
    there: NDArray[np.bool_] = ordered[np.minimum(places, len(ordered) - 1)] == hashes
    return there


@lru_cache(maxsize=4)
def reading_of(headline: str, text: str) -> Reading:
    """The reading of a headline and a text, either of which may be empty."""
    vocabulary = _vocabulary()
    body, title = vocabulary.rows(tokens_of(text)), vocabulary.rows(tokens_of(headline))
    terms, weights = _vector(vocabulary, np.concatenate([body, title, title]))
    return Reading(
        words=vocabulary.hash[body],
        slots=vocabulary.slot[body],
        headline=distinct(vocabulary.hash[title[vocabulary.weight[title] > 0]]),
        terms=terms,
        weights=weights,
    )


def strongest(terms: Terms, weights: Terms, count: int) -> tuple[Terms, Terms]:
    """The `count` heaviest terms, brought to length `UNIT`, by ascending hash."""
    best = np.sort(np.lexsort((terms, -weights))[:count])
    kept = weights[best]
    length = isqrt(int((kept * kept).sum())) or 1
    return terms[best], (kept * UNIT + length // 2) // length


def marks_of(reading: Reading) -> NDArray[np.uint64]:
    """The marks of a reading: its lowest hashes, and the lowest of its opening, 32 bits each."""
    runs = reading.runs
    if not len(runs):
        return runs
    lowest = reading.ordered[:MARKS]
    opening = distinct(runs[:LEAD])
    opening = opening[~found_in(opening, lowest)][:LEAD_MARKS]
    return np.concatenate([lowest, opening]) & _LOW


def sketch_of(headline: str, text: str) -> Sketch:
    """The sketch of one article version; headline and text are plain, as extraction gives them."""
    return sketched(reading_of(headline, text))


def sketched(reading: Reading) -> Sketch:
    """The sketch of a reading: at most 400 bytes in JSON."""
    terms, weights = strongest(reading.terms, reading.weights, SKETCH_TERMS)
    packed = terms.astype("<u4").tobytes() + weights.astype("u1").tobytes()
    return Sketch(
        words=min(len(reading.words), 99_999),
        minhash=base64.b64encode(marks_of(reading).astype("<u4").tobytes()).decode(),
        terms=base64.b64encode(packed).decode(),
        kind=KIND,
    )


def names_of(headline: str, text: str) -> tuple[str, ...]:
    """The capitalised names of headline and text, each once, in the order of their first mention.

    A word that only opens a sentence is taken for a name when it stands capitalised inside another one too.
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


def _vector(vocabulary: _Vocabulary, rows: NDArray[np.int64]) -> tuple[Terms, Terms]:
    rows = rows[vocabulary.weight[rows] > 0]
    held = vocabulary.term[rows]
    order = np.argsort(held, kind="stable")
    held = held[order]
    first = np.flatnonzero(np.concatenate([[True], held[1:] != held[:-1]])) if len(held) else order
    if not len(first):
        return first, first
    counts = np.diff(first, append=len(held))
    weights = np.add.reduceat(vocabulary.weight[rows][order], first) * _FREQUENCY[np.minimum(counts, 64)] // counts
    terms = held[first]
    return strongest(terms, weights, READING_TERMS)


def _telling(word: str, token: str) -> int:
    """How telling a word is; names half as much again."""
    if word in _FUNCTION or len(word) < 2:
        return 0
    weight = _weights().get(word_hash(word) & 0xFFFFFFFF, UNSEEN)
    return weight * 3 // 2 if token[0].isupper() else weight


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if len(word) > 4 and word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


@lru_cache(maxsize=1)
def _weights() -> dict[int, int]:
    body = WEIGHTS_FILE.read_bytes()
    count = len(body) // 5
    hashes = np.frombuffer(body, dtype="<u4", count=count)
    return dict(zip(hashes.tolist(), body[4 * count :], strict=True))


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    return _Vocabulary()
