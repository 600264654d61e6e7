"""Finding the cues of a sentence: topics, acts, verbs, governors and nouns, the longest at each word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.tagging.lexicon import Cue, Entry, Index, Reading
from services.tagging.words import Word

GAP = 3
"""How many words may stand between the parts of an act ("end the bloody war")."""
LINKS = frozenset({"as", "to", "from", "on", "off", "under"})
WIDE_GAP = 9
"""How many may stand before a linking word of an act ("add twelve ships to its list")."""
ANYTHING = "~"
STOPS = frozenset(".;:!?—–()")


def cues_of(words: Sequence[Word], index: Index) -> dict[int, list[Cue]]:
    """The cues that begin at each word; of one kind only the longest, and of those the first listed form by form."""
    found: dict[int, list[Cue]] = {}
    lows = [word.low for word in words]
    for place, low in enumerate(lows):
        fitting = [
            entry for entry in index.get(low, ()) if tuple(lows[place : place + len(entry.words)]) == entry.words
        ]
        longest: dict[str, int] = {}
        for entry in fitting:
            longest[entry.kind] = max(longest.get(entry.kind, 0), len(entry.words))
        if kept := [Cue(e, place, place + len(e.words)) for e in fitting if len(e.words) == longest[e.kind]]:
            found[place] = kept
    return found


def acts_of(words: Sequence[Word], reading: Reading) -> Iterator[Cue]:
    """Acts: a verb with its own object, other words between them allowed."""
    lows = [word.low for word in words]
    present = frozenset(lows)
    for place, low in enumerate(lows):
        found: dict[str, Cue] = {}
        for entry in reading.acts.get(low, ()):
            if present.issuperset(word for word in entry.words if word != ANYTHING):
                end = _end_of(lows, entry.words, place)
                if end and (entry.value not in found or found[entry.value].end > end):
                    found[entry.value] = Cue(entry, place, end)
        yield from found.values()


def _end_of(lows: Sequence[str], parts: tuple[str, ...], place: int) -> int | None:
    wide = False
    for part in parts[1:]:
        if part == ANYTHING:
            wide = True
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
