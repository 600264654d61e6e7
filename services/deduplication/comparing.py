"""How much of one text stands in another, where, and whether the facts in the shared wording agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from schemas.sketching import SHINGLE, Hashes, Reading, found_in

MOST = 0.5
"""Of the shorter text's runs: with so many shared, one text stands in the other."""
SOME = 0.18
"""With so many shared, and the opening of both among them, one is a shortened or padded copy of the other."""
OPENING = 40
"""Words of an opening."""
OPENING_KEPT, OPENING_HELD = 0.5, 0.2
"""Share of the old opening that must stand in the new text, and of the new opening in the old text (a new first sentence may precede)."""
FACTS_AGREE = 0.5
"""Of the shared frames that hold numbers or names, so many must hold the same ones; a template with other facts has fewer."""
TITLE, TITLE_SHARED, TITLE_WORDS = 0.15, 0.6, 3
"""Within one outlet: shared runs, share of the shorter headline and words of it that together make one article, rewritten."""
FEWEST = 12
"""Runs that the shorter text must have."""


class Kinship(StrEnum):
    """What two texts are to each other, as a named reason."""

    contained = "most_of_the_shorter_text_is_shared"
    opening = "opening_and_part_of_the_text_are_shared"
    rewritten = "same_outlet_and_headline_with_shared_text"
    template = "same_frame_with_other_facts"
    background = "only_a_passage_is_shared"
    too_short = "too_short_to_compare"
    unlike = "no_text_alike"

    @property
    def one_text(self) -> bool:
        """Whether one text was made from the other."""
        return self in {Kinship.contained, Kinship.opening, Kinship.rewritten}


@dataclass(frozen=True)
class Comparison:
    """Two texts side by side; all shares are of 0 to 1."""

    containment: float
    agreement: float
    old_opening: float
    new_opening: float
    headline: float
    kinship: Kinship


def compare(new: Reading, old: Reading, *, same_outlet: bool) -> Comparison:
    """What `new` has of `old`, by exact runs of words."""
    mine, theirs = new.runs, old.runs
    in_old, in_new = found_in(mine, old.ordered), found_in(theirs, new.ordered)
    containment = max(_share(in_old), _share(in_new))
    agreement = _agreement(new, old, in_old, in_new) if containment > 0.02 else 0.0
    comparison = Comparison(
        containment=containment,
        agreement=agreement,
        old_opening=_covered(in_new, len(old.words)),
        new_opening=_covered(in_old, len(new.words)),
        headline=_headline(new.headline, old.headline),
        kinship=Kinship.unlike,
    )
    return _judged(comparison, min(len(mine), len(theirs)), same_outlet)


def _judged(seen: Comparison, runs: int, same_outlet: bool) -> Comparison:
    kinship = Kinship.too_short if runs < FEWEST else _kinship(seen, same_outlet)
    return Comparison(seen.containment, seen.agreement, seen.old_opening, seen.new_opening, seen.headline, kinship)


def _kinship(seen: Comparison, same_outlet: bool) -> Kinship:
    if seen.containment < 0.05:
        return Kinship.unlike
    if seen.agreement < FACTS_AGREE:
        return Kinship.template
    if seen.containment >= MOST:
        return Kinship.contained
    if seen.containment >= SOME and seen.old_opening >= OPENING_KEPT and seen.new_opening >= OPENING_HELD:
        return Kinship.opening
    if same_outlet and seen.containment >= TITLE and seen.headline >= TITLE_SHARED:
        return Kinship.rewritten
    return Kinship.background


def _share(hits: NDArray[np.bool_]) -> float:
    return int(np.count_nonzero(hits)) / len(hits) if len(hits) else 0.0


def _covered(hits: NDArray[np.bool_], words: int) -> float:
    """The share of the opening's words that stand in a shared run."""
    size = min(OPENING, words)
    covered = np.zeros(size, dtype=np.bool_)
    for place in range(SHINGLE):
        reach = hits[: max(0, size - place)]
        covered[place : place + len(reach)] |= reach
    return _share(covered)


def _agreement(new: Reading, old: Reading, in_old: NDArray[np.bool_], in_new: NDArray[np.bool_]) -> float:
    mine, theirs = new.frames, old.frames
    framed = found_in(mine, np.sort(theirs)) & _filled(new.slots, len(mine))
    framed_there = found_in(theirs, np.sort(mine)) & _filled(old.slots, len(theirs))
    if not framed.any() or not framed_there.any():
        return 1.0
    return max(_share(in_old[framed]), _share(in_new[framed_there]))


def _filled(slots: NDArray[np.bool_], runs: int) -> NDArray[np.bool_]:
    """Which runs hold a number or a name."""
    filled = np.zeros(runs, dtype=np.bool_)
    for place in range(min(SHINGLE, len(slots))):
        filled |= slots[place : place + runs]
    return filled


def _headline(new: Hashes, old: Hashes) -> float:
    shared = len(np.intersect1d(new, old, assume_unique=True))
    return shared / min(len(new), len(old)) if shared >= TITLE_WORDS else 0.0
