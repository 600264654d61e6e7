"""Finding the cues of a sentence: topics, acts, verbs, governors and nouns, the longest at each word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.tagging.lexicon import Cue, Index, Reading
from services.tagging.states import is_state
from services.tagging.words import Word

GAP = 3
"""How many words may stand between the parts of an act ("end the bloody war")."""
LINKS = frozenset({"as", "to", "from", "on", "off", "under"})
WIDE_GAP = 9
"""How many may stand before a linking word of an act ("add twelve ships to its list")."""
LONGEST = 7
"""Words of the longest phrase."""
ANYTHING, STATE = "~", "@"
"""Any words between; a state, a people or its capital must be named near."""
STATE_WITHIN = 12
STOPS = frozenset(".;:!?—–()")


def cues_of(words: Sequence[Word], index: Index) -> dict[int, list[Cue]]:
    """The cues that begin at each word; of one kind only the longest, and of those the first listed form by form."""
    found: dict[int, list[Cue]] = {}
    lows = [word.low for word in words]
    for place, low in enumerate(lows):
        if phrases := index.get(low):
            longest: dict[str, list[Cue]] = {}
            for length in range(min(LONGEST, len(lows) - place), 0, -1):
                for entry in phrases.get(tuple(lows[place : place + length]), ()):
                    kept = longest.setdefault(entry.kind, [])
                    if not kept or kept[0].end == place + length:
                        kept.append(Cue(entry, place, place + length))
            if longest:
                found[place] = [cue for kept in longest.values() for cue in kept]
    return found


def acts_of(words: Sequence[Word], reading: Reading) -> Iterator[Cue]:
    """Acts: a verb with its own object, other words between them allowed."""
    lows = [word.low for word in words]
    present = frozenset(lows)
    found: dict[tuple[int, str], Cue] = {}
    for place, low in enumerate(lows):
        for parts, entries in reading.acts.get(low, {}).items():
            if present.issuperset(part for part in parts if part not in SIGNS) and (
                end := _end_of(words, parts, place)
            ):
                for entry in entries:
                    key = (place, entry.value)
                    if key not in found or found[key].end > end:
                        found[key] = Cue(entry, place, end)
    yield from found.values()


SIGNS = frozenset({ANYTHING, STATE})


def _end_of(words: Sequence[Word], parts: tuple[str, ...], place: int) -> int | None:
    lows, wide, first = [word.low for word in words], False, place
    for part in parts[1:]:
        if part == ANYTHING:
            wide = True
            continue
        if part == STATE:
            near = range(max(0, first - STATE_WITHIN), min(len(words), place + STATE_WITHIN))
            if not any(is_state(words, then) for then in near):
                return None
            continue
        reach = place + 2 + (WIDE_GAP if part in LINKS or wide else GAP)
        wide = False
        for then in range(place + 1, min(reach, len(lows))):
            if lows[then] in STOPS:
                return None
            if lows[then] == part:
                place = then
                break
        else:
            return None
    return place + 1
