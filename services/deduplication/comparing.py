"""How much of one text stands in another, where, and whether the facts in the shared wording agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from schemas.compiled import BITS, NUMBER, READ_BITS, READ_U64, SHARE, WORD, compiled, several
from schemas.sketching import SHINGLE, Reading, runs_of
from schemas.words import Hashes

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
_SLOT_HASH = np.uint64(0x5851F42D4C957F2D)


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
    """Two texts side by side; all shares are of 0 to 1. Headlines are compared within one outlet only."""

    containment: float
    agreement: float
    old_opening: float
    new_opening: float
    headline: float
    kinship: Kinship


@compiled(several(BITS, BITS), READ_U64, READ_U64)
def _met(mine, theirs):  # type: ignore[no-untyped-def] # its types stand above
    """Which of mine stand among theirs, and which of theirs among mine."""
    size = 16
    while size < 2 * len(mine):
        size *= 2
    first = np.zeros(size, np.int32)
    places = np.empty(len(mine), np.int32)
    for number in range(len(mine)):
        place = np.int64(mine[number] >> np.uint64(20)) & (size - 1)
        while first[place] and mine[first[place] - 1] != mine[number]:
            place = (place + 1) & (size - 1)
        if not first[place]:
            first[place] = number + 1
        places[number] = first[place] - 1
    met = np.zeros(len(mine), np.bool_)
    in_mine = np.zeros(len(theirs), np.bool_)
    for number in range(len(theirs)):
        place = np.int64(theirs[number] >> np.uint64(20)) & (size - 1)
        while first[place] and mine[first[place] - 1] != theirs[number]:
            place = (place + 1) & (size - 1)
        if first[place]:
            in_mine[number] = True
            met[first[place] - 1] = True
    in_theirs = np.zeros(len(mine), np.bool_)
    for number in range(len(mine)):
        in_theirs[number] = met[places[number]]
    return in_theirs, in_mine


@compiled(several(NUMBER, NUMBER), READ_BITS, READ_BITS, READ_BITS)
def _same_facts(slots, framed, found):  # type: ignore[no-untyped-def]
    """How many runs hold a number or a name in a frame that both have, and how many of those stand in the other text."""
    all_, same, width = 0, 0, min(4, len(slots))
    for at in range(len(framed)):
        filled = False
        for place in range(width):
            filled |= slots[at + place]
        if filled and framed[at]:
            all_ += 1
            same += found[at]
    return all_, same


@compiled(NUMBER, READ_BITS, NUMBER, NUMBER)
def _covered(found, words, opening):  # type: ignore[no-untyped-def]
    """How many words of the opening stand in a shared run."""
    count, until = 0, 0
    for at in range(min(words, opening)):
        if at < len(found) and found[at]:
            until = at + min(4, words)
        count += at < until
    return count


_SHARES = several(*(SHARE,) * 4)


@compiled(_SHARES, READ_U64, READ_BITS, READ_U64, READ_U64, READ_BITS, WORD)
def _shares(words, slots, runs, old_words, old_slots, slot):  # type: ignore[no-untyped-def]
    """Containment, agreement of the facts, and how much of the old and of the new opening is shared."""
    old_runs = runs_of(old_words)
    in_old, in_new = _met(runs, old_runs)
    mine, theirs = 0, 0
    for found in in_old:
        mine += found
    for found in in_new:
        theirs += found
    containment = max(mine / max(1, len(runs)), theirs / max(1, len(old_runs)))
    agreement = 0.0
    if containment > 0.02:
        frames, old_frames = runs_of(np.where(slots, slot, words)), runs_of(np.where(old_slots, slot, old_words))
        framed, old_framed = _met(frames, old_frames)
        all_, same = _same_facts(slots, framed, in_old)
        old_all, old_same = _same_facts(old_slots, old_framed, in_new)
        agreement = max(same / all_, old_same / old_all) if all_ and old_all else 1.0
    old_opening = _covered(in_new, len(old_words), 40) / max(1, min(40, len(old_words)))
    new_opening = _covered(in_old, len(words), 40) / max(1, min(40, len(words)))
    return containment, agreement, old_opening, new_opening


def compare(new: Reading, old: Reading, *, same_outlet: bool) -> Comparison:
    """What `new` has of `old`, by exact runs of words."""
    shares: tuple[float, float, float, float] = _shares(
        new.words, new.slots, new.runs, old.words, old.slots, _SLOT_HASH
    )
    headline = _headline(new.headline, old.headline) if same_outlet else 0.0
    shortest = min(len(new.words), len(old.words)) - SHINGLE + 1
    kinship = Kinship.too_short if shortest < FEWEST else _kinship(*shares, headline)
    return Comparison(*shares, headline, kinship)


def _kinship(containment: float, agreement: float, old_opening: float, new_opening: float, headline: float) -> Kinship:
    if containment < 0.05:
        return Kinship.unlike
    if agreement < FACTS_AGREE:
        return Kinship.template
    if containment >= MOST:
        return Kinship.contained
    if containment >= SOME and old_opening >= OPENING_KEPT and new_opening >= OPENING_HELD:
        return Kinship.opening
    if containment >= TITLE and headline >= TITLE_SHARED:
        return Kinship.rewritten
    return Kinship.background


def _headline(new: Hashes, old: Hashes) -> float:
    shared = len(np.intersect1d(new, old, assume_unique=True))
    return shared / min(len(new), len(old)) if shared >= TITLE_WORDS else 0.0
