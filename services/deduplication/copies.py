"""Finds what a text was made from: an earlier version of its article, or a text that it copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.articles import CopyDecision
from schemas.sketching import Reading, distinct
from services.deduplication.comparing import Comparison, Kinship, compare
from services.deduplication.index import Held, totals
from services.deduplication.window import Window

CANDIDATES = 6
"""Remembered versions whose exact wording is compared."""
FEWEST_SHARED = 2
"""Marks that a candidate must share."""
ASKED, ASKED_OF_LEAD = 160, 32
"""Lowest hashes that are looked up: more than a sketch keeps, so that a short text is found inside a long one."""

Read = Callable[[int], Reading]


@dataclass(frozen=True)
class Found:
    """What became of the search: the decision, the version that it is of, and the comparison that decided."""

    decision: CopyDecision
    number: int | None
    comparison: Comparison | None
    reason: str


def asked(reading: Reading) -> NDArray[np.uint32]:
    """The keys under which copies of a text are looked for."""
    keys = distinct(np.concatenate([reading.ordered[:ASKED], reading.opening[:ASKED_OF_LEAD]]))
    return keys.astype(np.uint32)  # the lowest 32 bits


def alike(state: Window, held: Held) -> list[int]:
    """The remembered versions that share most marks, best first."""
    numbers, shared = totals(held.numbers, np.ones(len(held.numbers), dtype=np.int64))
    enough = shared >= FEWEST_SHARED
    numbers, shared = numbers[enough], shared[enough]
    order = np.lexsort((numbers, -shared))[: 4 * CANDIDATES]
    return [number for number in numbers[order].tolist() if state.remembers(number)][:CANDIDATES]


def revision_of(reading: Reading, last: int, read: Read) -> Found:
    """A later version of an article that is remembered."""
    old = read(last)
    comparison = compare(reading, old, same_outlet=True)
    same = np.array_equal(reading.words, old.words) and np.array_equal(reading.headline, old.headline)
    return Found(CopyDecision.revision, last, comparison, "same_address_same_text" if same else "same_address")


def copy_of(state: Window, reading: Reading, outlet: str, candidates: list[int], read: Read) -> Found:
    """The candidate that the text was made from, or the reason why it is an original."""
    best = Found(CopyDecision.original, None, None, Kinship.unlike.value)
    for number in candidates:
        comparison = compare(reading, read(number), same_outlet=state.outlet(number) == outlet)
        if _better(comparison, best):
            best = _found(number, comparison)
    return best


def _found(number: int, comparison: Comparison) -> Found:
    kinship = comparison.kinship
    if not kinship.one_text:
        return Found(CopyDecision.original, None, comparison, kinship.value)
    decision = CopyDecision.revision if kinship is Kinship.rewritten else CopyDecision.copy
    return Found(decision, number, comparison, kinship.value)


def _better(seen: Comparison, best: Found) -> bool:
    if best.comparison is None:
        return seen.kinship is not Kinship.unlike
    if seen.kinship.one_text != best.comparison.kinship.one_text:
        return seen.kinship.one_text
    return seen.containment > best.comparison.containment
