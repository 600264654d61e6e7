"""Which story an article tells: that of the remembered articles that it shares its most telling words with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from schemas.sketching import UNIT, Reading, Terms
from services.deduplication.copies import Read
from services.deduplication.index import Held
from services.deduplication.window import Window

CANDIDATES = 8
"""Remembered versions whose whole vector is compared."""
GLIMPSE = 0.08
"""Likeness of sketches below which a version is no candidate."""
NEAREST = 3
"""Members of a story that speak for it."""
JOIN_SHORT, JOIN_LONG = 0.22, 0.30
"""Likeness at which an article joins a story: of headlines alone, and of full texts."""
MERGE = 0.60
"""Likeness to two stories at which they are one."""
TERMS_OF_A_TEXT = 80
"""Telling words from which a text counts as full."""


@dataclass(frozen=True)
class Telling:
    """How like a story an article is, of 0 to 1, as a share of what joining asks: from 1 on it joins."""

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
    likenesses: dict[UUID, list[tuple[float, float, int]]] = defaultdict(list)
    for number in glimpsed(state, held, sketch):
        other = read(number)
        likenesses[state.story(number)].append((likeness(reading, other), _asked(reading, other), number))
    found = [_telling(story, members) for story, members in likenesses.items()]
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


def likeness(one: Reading, other: Reading) -> float:
    """The cosine of two vectors of terms, of 0 to 1."""
    _, here, there = np.intersect1d(one.terms, other.terms, assume_unique=True, return_indices=True)
    return int((one.weights[here] * other.weights[there]).sum()) / (UNIT * UNIT)


def _telling(story: UUID, members: list[tuple[float, float, int]]) -> Telling:
    nearest = sorted(members, reverse=True)[:NEAREST]
    mean = sum(member[0] for member in nearest) / len(nearest)
    return Telling(
        story=story,
        likeness=(nearest[0][0] + mean) / 2,
        asked=sum(member[1] for member in nearest) / len(nearest),
        first=min(member[2] for member in members),
    )


def _asked(one: Reading, other: Reading) -> float:
    fullness = min(len(one.terms), len(other.terms), TERMS_OF_A_TEXT) / TERMS_OF_A_TEXT
    return JOIN_SHORT + (JOIN_LONG - JOIN_SHORT) * fullness
