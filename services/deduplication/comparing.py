"""How much of one text stands in another, and what tells them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.deduplication.readings import Reading

ENOUGH = 0.3
"""Share of the shorter text's runs of words that both must have."""


@dataclass(frozen=True)
class Comparison:
    """Two texts side by side: shares of 0 to 1."""

    containment: float
    resemblance: float

    @property
    def same_text(self) -> bool:
        """Whether one was made from the other."""
        return self.containment >= ENOUGH


def compare(new: Reading, old: Reading) -> Comparison:
    """What `new` has of `old`, by exact runs of words."""
    shared = len(np.intersect1d(new.shingles, old.shingles, assume_unique=True))
    shorter = max(1, min(len(new.shingles), len(old.shingles)))
    union = max(1, len(new.shingles) + len(old.shingles) - shared)
    return Comparison(containment=shared / shorter, resemblance=shared / union)
