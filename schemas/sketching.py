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

import numpy as np
from numpy.typing import NDArray

from schemas.articles import Sketch
from schemas.compiled import I64, NUMBER, READ_I64, READ_U32, READ_U64, U32, U64, compiled, several
from schemas.words import Hashes, Rows, Vocabulary, vocabulary

KIND = "frac-3"
SHINGLE = 4
"""Words in a run."""
MARKS, LEAD_MARKS, LEAD = 24, 12, 64
"""Hashes kept of the whole text, hashes kept of its opening, and words of the opening."""
SKETCH_TERMS, READING_TERMS = 22, 256
"""Terms kept in a sketch and in a reading."""
UNIT = 255
"""The length of a vector of terms."""

Terms = NDArray[np.uint32]
Weights = NDArray[np.uint8]

_NAME = re.compile(r"[^\W\d_a-z][\w'’-]*(?:[ ](?:(?:of|the|al|de|bin|van|von)[ ])*[^\W\d_a-z][\w'’-]*)*")
_SENTENCE = re.compile(r"(?<=[.!?…:”\"])\s+|\n+")
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december""".split()  # noqa: SIM905
)
_BYTE = np.uint64(8)
_FREQUENCY = np.array([16 + round(16 * float(np.log(max(1, n)))) for n in range(65)], dtype=np.int64)


@compiled(U64, READ_U64)
def runs_of(words):  # type: ignore[no-untyped-def] # its types stand above
    """The hashes of all runs of `SHINGLE` words, in order; a shorter text is one run."""
    width = min(4, len(words))
    runs = np.empty(len(words) - width + 1 if width else 0, np.uint64)
    first, second = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
    third, fourth = np.uint64(0x165667B19E3779F9), np.uint64(0x27D4EB2F165667C5)
    shift = np.uint64(29)
    for at in range(len(runs)):
        mixed = words[at] * first
        mixed ^= mixed >> shift
        if width > 1:
            mixed = (mixed ^ words[at + 1]) * second
            mixed ^= mixed >> shift
        if width > 2:
            mixed = (mixed ^ words[at + 2]) * third
            mixed ^= mixed >> shift
        if width > 3:
            mixed = (mixed ^ words[at + 3]) * fourth
            mixed ^= mixed >> shift
        runs[at] = mixed
    return runs


@compiled(several(U32, I64), READ_I64, READ_U32, READ_I64, READ_I64)
def _weighed(rows, term, weight, frequency):  # type: ignore[no-untyped-def]
    """Each term once, with the mean weight of its words times what their number is worth."""
    size = 16
    while size < 2 * len(rows):
        size *= 2
    place_of = np.zeros(size, np.int32)
    terms, sums, counts = np.empty(len(rows), np.uint32), np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    held = 0
    for row in rows:
        if weight[row] <= 0:
            continue
        at = np.int64(term[row]) & (size - 1)
        while place_of[at] and terms[place_of[at] - 1] != term[row]:
            at = (at + 1) & (size - 1)
        if not place_of[at]:
            terms[held] = term[row]
            held += 1
            place_of[at] = held
        sums[place_of[at] - 1] += weight[row]
        counts[place_of[at] - 1] += 1
    for place in range(held):
        sums[place] = sums[place] * frequency[min(counts[place], 64)] // counts[place]
    return terms[:held].copy(), sums[:held].copy()


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
    weights: Weights

    @cached_property
    def runs(self) -> Hashes:
        """The hashes of all runs of words, in order."""
        runs: Hashes = runs_of(self.words)
        return runs

    @cached_property
    def ordered(self) -> Hashes:
        """The runs, each once, in ascending order."""
        return distinct(self.runs)

    @cached_property
    def opening(self) -> Hashes:
        """The runs of the opening, each once, in ascending order."""
        return distinct(self.runs[:LEAD])

    @cached_property
    def strongest(self) -> tuple[Terms, Weights]:
        """The terms that a sketch keeps, brought to length `UNIT`."""
        return strongest(self.terms, self.weights.astype(np.int64), SKETCH_TERMS)


@compiled(U64, READ_U64)
def _each_once(ordered):  # type: ignore[no-untyped-def]
    kept = np.empty(len(ordered), np.uint64)
    count = 0
    for number in range(len(ordered)):
        if number == 0 or ordered[number] != ordered[number - 1]:
            kept[count] = ordered[number]
            count += 1
    return kept[:count].copy()


def distinct(hashes: Hashes) -> Hashes:
    """Each hash once, in ascending order."""
    once: Hashes = _each_once(np.sort(hashes))
    return once


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
    known = vocabulary()
    body, title = known.rows(text, headline)
    terms, weights = _vector(known, np.concatenate([body, title, title]))
    return Reading(
        words=known.hash[body],
        slots=known.slot[body],
        headline=distinct(known.hash[title[known.weight[title] > 0]]),
        terms=terms,
        weights=weights,
    )


@compiled(U64, READ_U32, READ_I64)
def _by_weight(terms, weights):  # type: ignore[no-untyped-def]
    keys = np.empty(len(terms), np.uint64)
    for number in range(len(terms)):
        keys[number] = (np.uint64(weights[number]) << np.uint64(32)) | np.uint64(0xFFFFFFFF - terms[number])
    return keys


@compiled(U64, READ_U64, NUMBER, NUMBER)
def _scaled(keys, count, unit):  # type: ignore[no-untyped-def]
    """The last `count` terms, with their weights in the lowest byte once their vector has length `unit`."""
    low = np.uint64(0xFFFFFFFF)
    first, square = max(0, len(keys) - count), np.int64(0)
    for number in range(first, len(keys)):
        weight = np.int64(keys[number] >> np.uint64(32))
        square += weight * weight
    length = np.int64(np.sqrt(float(square)))
    while length * length > square:
        length -= 1
    while (length + 1) * (length + 1) <= square:
        length += 1
    length = max(length, np.int64(1))
    scaled = np.empty(len(keys) - first, np.uint64)
    for number in range(first, len(keys)):
        weight = (np.int64(keys[number] >> np.uint64(32)) * unit + length // 2) // length
        scaled[number - first] = ((low - (keys[number] & low)) << np.uint64(8)) | np.uint64(weight)
    return scaled


def strongest(terms: Terms, weights: NDArray[np.int64], count: int) -> tuple[Terms, Weights]:
    """The `count` heaviest terms, brought to length `UNIT`, by ascending hash; of equally heavy ones the lower."""
    keys = _by_weight(terms, weights)
    keys.sort()
    scaled = _scaled(keys, count, UNIT)
    scaled.sort()
    return (scaled >> _BYTE).astype(np.uint32), scaled.astype(np.uint8)


@compiled(U32, READ_U64, READ_U64, NUMBER, NUMBER)
def _marks(ordered, opening, marks, lead_marks):  # type: ignore[no-untyped-def]
    """The lowest of the whole, then the lowest of the opening that are not among them; both are in ascending order."""
    lowest = min(marks, len(ordered))
    kept = np.empty(lowest + lead_marks, np.uint32)
    for number in range(lowest):
        kept[number] = np.uint32(ordered[number] & np.uint64(0xFFFFFFFF))
    count, among = lowest, 0
    for run in opening:
        while among < lowest and ordered[among] < run:
            among += 1
        if count < len(kept) and not (among < lowest and ordered[among] == run):
            kept[count] = np.uint32(run & np.uint64(0xFFFFFFFF))
            count += 1
    return kept[:count].copy()


def marks_of(reading: Reading) -> NDArray[np.uint32]:
    """The marks of a reading: its lowest hashes, and the lowest of its opening, 32 bits each."""
    marks: NDArray[np.uint32] = _marks(reading.ordered, reading.opening, MARKS, LEAD_MARKS)
    return marks


def sketch_of(headline: str, text: str) -> Sketch:
    """The sketch of one article version; headline and text are plain, as extraction gives them."""
    return sketched(reading_of(headline, text))


def sketched(reading: Reading) -> Sketch:
    """The sketch of a reading: at most 400 bytes in JSON."""
    terms, weights = reading.strongest
    packed = terms.tobytes() + weights.tobytes()
    return Sketch(
        words=min(len(reading.words), 99_999),
        minhash=base64.b64encode(marks_of(reading).tobytes()).decode(),
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


def _vector(known: Vocabulary, rows: Rows) -> tuple[Terms, Weights]:
    terms, weights = _weighed(rows, known.term, known.weight, _FREQUENCY)
    return strongest(terms, weights, READING_TERMS)
