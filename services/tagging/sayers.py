"""Who says a sentence: beside a verb of saying, before a colon, behind a dash at its end, or “according to”; and which sides say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.tagging.actors import Actor
from services.tagging.lexicon import english
from services.tagging.words import Word

DASHES = frozenset("-–—")
SOURCE = ("according", "to")
SAYER_WORDS = 7
"""Words that a name with its office may have before the colon, or behind the dash."""


def sayer_in(words: Sequence[Word], actors: Sequence[Actor], first: int, last: int) -> Actor | None:
    """The actor that says a sentence, outside the words `first` to `last` of the claim itself."""
    sayers = [a for a in actors if a.kind != "many" and not a.place]
    return _labelled(words, sayers) or _saying(words, sayers, first, last) or _source(words, sayers)


def _labelled(words: Sequence[Word], actors: Sequence[Actor]) -> Actor | None:
    """“X: …” and “… - X”."""
    for place, word in enumerate(words[: SAYER_WORDS + 1]):
        if word.low == ":" and (before := [a for a in actors if a.end == place]):
            return before[-1]
    tail = next(
        (p for p in range(len(words) - 1, max(0, len(words) - SAYER_WORDS), -1) if words[p].low in DASHES), None
    )
    if tail is None or not tail:
        return None
    behind = [a for a in actors if a.start > tail]
    ends = len(words) - 1 if words[-1].low == "." else len(words)
    return behind[-1] if behind and behind[-1].end == ends else None


NOUNS_TOO = frozenset(
    {
        "state",
        "states",
        "call",
        "calls",
        "claim",
        "claims",
        "report",
        "reports",
        "note",
        "notes",
        "quote",
        "stress",
        "deny",
        "warning",
    }
)
"""Verbs of saying that are nouns as often: they count right behind a name only."""


def _sayings(words: Sequence[Word], actors: Sequence[Actor], first: int, last: int) -> list[int]:
    """The places of verbs of saying outside the claim itself."""
    sayings = english().words["sayings"]
    places = [place for place, word in enumerate(words) if word.low in sayings and not first <= place < last]
    return [place for place in places if words[place].low not in NOUNS_TOO or _behind_a_name(words, actors, place)]


def _behind_a_name(words: Sequence[Word], actors: Sequence[Actor], place: int) -> bool:
    return any(a.end == place and not words[place - 1].possessive and a.kind != "demonym" for a in actors)


QUOTED = frozenset({",", "”", '"', "’"})
"""Before a verb of saying these put its subject behind it: “…”, says X."""


def _saying(words: Sequence[Word], actors: Sequence[Actor], first: int, last: int) -> Actor | None:
    for place in _sayings(words, actors, first, last):
        near = [a for a in actors if a.end <= place and place - a.end < 5][-1:]
        behind = [a for a in actors if 0 < a.start - place < 4][:1]
        near = behind or near if place and words[place - 1].low in QUOTED else near or behind
        if near:
            return near[0]
    return None


def _source(words: Sequence[Word], actors: Sequence[Actor]) -> Actor | None:
    for place in range(len(words) - 2):
        if (words[place].low, words[place + 1].low) == SOURCE:
            return next((a for a in actors if 0 <= a.start - place - 2 < 6), None)
    return None


PRONOUNS = frozenset({"he", "she"})


def person_meant(words: Sequence[Word], actors: Sequence[Actor], last: Actor | None) -> Actor | None:
    """The person that “he” or “she” stands for: the last one named before it, in this sentence or in those before."""
    place = next((place for place, word in enumerate(words) if word.low in PRONOUNS), None)
    if place is None:
        return None
    before = [actor for actor in actors if actor.human and actor.end <= place]
    return before[-1] if before else last


OFFICES = frozenset(
    [
        "ministry",
        "ministries",
        "presidency",
        "government",
        "governments",
        "army",
        "armies",
        "military",
        "officials",
        "official",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "minister",
        "ministers",
        "president",
        "authorities",
        "office",
        "diplomats",
        "embassy",
        "treasury",
        "department",
        "commission",
        "council",
        "general",
        "commander",
        "police",
        "court",
        "cabinet",
        "delegation",
        "negotiators",
        "group",
        "movement",
        "rebels",
        "militia",
    ]
)
BOTH = frozenset({"both", "two", "joint", "jointly", "together"})
ADMITTING = ("admit", "acknowledg", "conced", "confirm")
"""Verbs with which a side says it of itself."""
OUTLET = ("understand", "learn", "reveal", "report", "seen")
"""What an outlet does in its own words, without a speaker."""
PHRASE = 9


@dataclass(frozen=True)
class Said:
    """Who says a sentence: `sides` that are named there, whether all of them together, an office without its state, of itself."""

    sides: frozenset[str] = frozenset()
    together: bool = False
    office: bool = False
    admits: bool = False

    @property
    def anybody(self) -> bool:
        """Whether a side or an office says it."""
        return bool(self.sides) or self.together or self.office


def said_in(words: Sequence[Word], actors: Sequence[Actor], first: int, last: int) -> Said:
    """Which sides say a sentence, outside the words `first` to `last` of the claim itself."""
    for place in _sayings(words, actors, first, last):
        found = _phrase(words, actors, _phrase_start(words, place), place)
        if not found.anybody and place and words[place - 1].low in QUOTED:
            found = _phrase(words, actors, place + 1, min(len(words), place + 1 + PHRASE))
        if found.anybody:
            return found
    for place in range(len(words) - 1):
        if (words[place].low, words[place + 1].low) == SOURCE:
            return _phrase(words, actors, place + 2, min(len(words), place + 2 + PHRASE))
    return Said()


MARKS = frozenset({",", ";", ":", "“", "”", '"', ".", "(", ")", "that", "after", "while", "as", "but"})


def _phrase_start(words: Sequence[Word], end: int) -> int:
    before = range(end - 1, max(-1, end - 1 - PHRASE), -1)
    return next((place + 1 for place in before if words[place].low in MARKS), max(0, end - PHRASE))


def _phrase(words: Sequence[Word], actors: Sequence[Actor], start: int, end: int) -> Said:
    lows = {word.low for word in words[start:end]} | {
        word.low for word in words[end : end + 5] if word.low in {"joint", "jointly"}
    }
    sides = frozenset(side_of(a) for a in actors if start <= a.start and a.end <= end and a.kind != "many")
    admits = end < len(words) and words[end].low.startswith(ADMITTING)
    return Said(sides, bool(lows & BOTH), bool(lows & OFFICES), admits)


def side_of(actor: Actor) -> str:
    """The state or the name that an actor stands for."""
    return actor.state if actor.state and actor.kind in {"name", "capital", "region"} else actor.label


def outlet_says(words: Sequence[Word]) -> bool:
    """Whether an outlet speaks of what it has found out itself (“the paper understands”)."""
    lows = [word.low for word in words]
    return any(low.startswith(OUTLET[0]) for low in lows[-3:]) or any(
        low in {"has", "can", "have"} and after.startswith(OUTLET[1:]) for low, after in pairwise(lows)
    )
