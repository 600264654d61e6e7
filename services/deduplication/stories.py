"""Which story an article tells: that of the remembered articles that it shares its most telling words with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import isqrt
from uuid import UUID

import numpy as np

from schemas.compiled import NUMBER, READ_U8, READ_U32, compiled, several
from schemas.sketching import UNIT, Reading, Weights
from services.deduplication.copies import Read
from services.deduplication.index import Held, totals
from services.deduplication.window import Window

CANDIDATES = 10
"""Remembered versions whose whole vector is compared."""
GLIMPSE = 0.08
"""Likeness of sketches below which a version is no candidate."""
JOIN_SHORT, JOIN_LONG = 0.18, 0.35
"""Likeness at which an article joins a story: of headlines alone, and of full texts."""
MERGE = 0.50
"""Likeness to two stories at which they are one."""
TERMS_OF_A_TEXT = 80
"""Telling words from which a text counts as full."""


@dataclass(frozen=True)
class Telling:
    """How like a story an article is, of 0 to 1, and the likeness that joining it asks."""

    story: UUID
    likeness: float
    asked: float
    first: int

    @property
    def joins(self) -> bool:
        """Whether the article tells this story."""
        return self.likeness >= self.asked


def tellings(state: Window, reading: Reading, held: Held, sketch: Weights, read: Read) -> list[Telling]:
    """The stories that an article may tell, most like first. `sketch` are the weights of the terms that `held` was asked for."""
    members: dict[UUID, list[int]] = defaultdict(list)
    for number in glimpsed(state, held, sketch):
        members[state.story(number)].append(number)
    found = [_telling(story, reading, numbers, read) for story, numbers in members.items()]
    return sorted(found, key=lambda telling: (-telling.likeness / telling.asked, telling.first))


def glimpsed(state: Window, held: Held, sketch: Weights) -> list[int]:
    """The remembered versions whose sketches share most, best first."""
    numbers, products = totals(held.numbers, sketch.astype(np.int64)[held.places] * held.weights)
    enough = products >= GLIMPSE * UNIT * UNIT
    numbers, products = numbers[enough], products[enough]
    order = np.lexsort((numbers, -products))[: 4 * CANDIDATES]
    return [number for number in numbers[order].tolist() if state.remembers(number)][:CANDIDATES]


@compiled(several(NUMBER, NUMBER), READ_U32, READ_U8, READ_U32, READ_U8)
def _centred(terms, weights, others, other_weights):  # type: ignore[no-untyped-def] # its types stand above
    """The product of a vector with the sum of others, and the square of that sum's length."""
    size = 16
    while size < 2 * len(others):
        size *= 2
    place_of = np.zeros(size, np.int32)
    sums, every = np.zeros(len(others), np.int64), np.empty(len(others), np.uint32)
    held = 0
    for number in range(len(others)):
        place = np.int64(others[number]) & (size - 1)
        while place_of[place] and every[place_of[place] - 1] != others[number]:
            place = (place + 1) & (size - 1)
        if not place_of[place]:
            every[held] = others[number]
            held += 1
            place_of[place] = held
        sums[place_of[place] - 1] += other_weights[number]
    product, square = 0, 0
    for number in range(held):
        square += sums[number] * sums[number]
    for number in range(len(terms)):
        place = np.int64(terms[number]) & (size - 1)
        while place_of[place] and every[place_of[place] - 1] != terms[number]:
            place = (place + 1) & (size - 1)
        if place_of[place]:
            product += np.int64(weights[number]) * sums[place_of[place] - 1]
    return product, square


def likeness(reading: Reading, others: list[Reading]) -> float:
    """The cosine, of 0 to 1, of a vector of terms and the sum of others: their centre."""
    terms = np.concatenate([other.terms for other in others])
    weights = np.concatenate([other.weights for other in others])
    product: int
    square: int
    product, square = _centred(reading.terms, reading.weights, terms, weights)
    return product / (UNIT * max(1, isqrt(square)))


def _telling(story: UUID, reading: Reading, members: list[int], read: Read) -> Telling:
    others = [read(number) for number in members]
    terms = min(len(reading.terms), max(len(other.terms) for other in others), TERMS_OF_A_TEXT)
    return Telling(
        story=story,
        likeness=likeness(reading, others),
        asked=JOIN_SHORT + (JOIN_LONG - JOIN_SHORT) * terms / TERMS_OF_A_TEXT,
        first=min(members),
    )
