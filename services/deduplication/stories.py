"""Which story an article tells: that of the remembered articles that it shares its most telling words with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import isqrt
from uuid import UUID

import numpy as np

from schemas.sketching import UNIT, Reading, Terms
from services.deduplication.copies import Read
from services.deduplication.index import Held
from services.deduplication.window import Window

CANDIDATES = 10
"""Remembered versions whose whole vector is compared."""
GLIMPSE = 0.08
"""Likeness of sketches below which a version is no candidate."""
JOIN_SHORT, JOIN_LONG = 0.27, 0.34
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


def tellings(state: Window, reading: Reading, held: Held, sketch: Terms, read: Read) -> list[Telling]:
    """The stories that an article may tell, most like first. `sketch` are the weights of the terms that `held` was asked for."""
    members: dict[UUID, list[int]] = defaultdict(list)
    for number in glimpsed(state, held, sketch):
        members[state.story(number)].append(number)
    found = [_telling(story, reading, numbers, read) for story, numbers in members.items()]
    return sorted(found, key=lambda telling: (-telling.likeness / telling.asked, telling.first))


def glimpsed(state: Window, held: Held, sketch: Terms) -> list[int]:
    """The remembered versions whose sketches share most, best first."""
    numbers, where = np.unique(held.numbers, return_inverse=True)
    products = np.zeros(len(numbers), dtype=np.int64)
    np.add.at(products, where, sketch[held.places] * held.weights)
    enough = products >= GLIMPSE * UNIT * UNIT
    numbers, products = numbers[enough], products[enough]
    order = np.lexsort((numbers, -products))[: 4 * CANDIDATES]
    return [number for number in numbers[order].tolist() if state.remembers(number)][:CANDIDATES]


def likeness(reading: Reading, others: list[Reading]) -> float:
    """The cosine, of 0 to 1, of a vector of terms and the sum of others: their centre."""
    every = np.concatenate([other.terms for other in others])
    terms, where = np.unique(every, return_inverse=True)
    centre = np.zeros(len(terms), dtype=np.int64)
    np.add.at(centre, where, np.concatenate([other.weights for other in others]))
    _, here, there = np.intersect1d(reading.terms, terms, assume_unique=True, return_indices=True)
    product = int((reading.weights[here] * centre[there]).sum())
    return product / (UNIT * max(1, isqrt(int((centre * centre).sum()))))


def _telling(story: UUID, reading: Reading, members: list[int], read: Read) -> Telling:
    others = [read(number) for number in members]
    terms = min(len(reading.terms), max(len(other.terms) for other in others), TERMS_OF_A_TEXT)
    return Telling(
        story=story,
        likeness=likeness(reading, others),
        asked=JOIN_SHORT + (JOIN_LONG - JOIN_SHORT) * terms / TERMS_OF_A_TEXT,
        first=min(members),
    )
