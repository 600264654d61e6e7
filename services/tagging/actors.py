"""Actors: the states, bodies, groups and persons of a sentence, as labels of roles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.entities import Entity
from services.tagging.words import Word

BODIES = frozenset({"EU", "UN", "NATO", "G7", "African Union", "Arab League", "ECOWAS", "OSCE"})

STATE_KINDS = frozenset({"state", "demonym", "capital", "seat", "leader", "army", "legislator"})
"""Kinds of listed names that stand for a state."""


class Actor(NamedTuple):
    """One mention that can fill a role: words `start` to `end`; `label` as in the assertions' roles; `kind` as in the lists."""

    start: int
    end: int
    label: str
    kind: str
    name: str
    state: str | None
    place: bool = False
    """Whether it is only where something happens: “in Y”, “at X, Y”, “the Z talks”."""
    human: bool = False
    """Whether it is a person by name."""


class Named(NamedTuple):
    """An entity with what the lists say beyond its fact: `kind` (state, demonym, capital, seat, body, leader …)."""

    entity: Entity
    kind: str
    code: str | None = None


def actors_of(words: Sequence[Word], named: Iterable[Named], offset: int) -> list[Actor]:
    """The actors among the entities of a sentence that begins at `offset` of its field."""
    starts, ends = [word.start + offset for word in words], [word.end + offset for word in words]
    found = []
    for one in named:
        start = bisect_right(starts, one.entity.start) - 1
        if start < 0 or ends[start] <= one.entity.start:
            continue
        end = next((place + 1 for place in range(start, len(ends)) if ends[place] >= one.entity.end), start + 1)
        if label := label_of(one):
            kind = "group" if one.entity.type == "group" and one.kind == "listed" else one.kind
            place = kind in PLACE_KINDS and _is_place(words, start, end, kind)
            name, human = one.entity.name or one.entity.text, one.entity.type == "person"
            found.append(Actor(start, end, label, kind, name, one.entity.country, place, human))
    many = _many(words, [a for a in found if a.kind not in {"name", "region"}])
    plain = [a for a in found if not any(m.start <= a.start and a.end <= m.end for m in many)]
    plain = [a for a in plain if not words[a.start].low.startswith("pro-")]
    return sorted([*plain, *_rebels(words, plain), *many])


PLACE_KINDS = frozenset({"capital", "state"})
WHERE = frozenset({"in", "at", "from", "near", "outside"})
MEETINGS = frozenset(
    {
        "talks",
        "agreement",
        "agreements",
        "accord",
        "accords",
        "process",
        "summit",
        "protocol",
        "conference",
        "meeting",
        "format",
    }
)
REBELS = frozenset({"rebels", "rebel", "separatists", "insurgents", "guerrillas", "opposition"})
ARTICLES = frozenset({"the", "a", "some", "these", "both", "other"})
MANY = {
    "allies": "partners",
    "partners": "partners",
    "nations": "partners",
    "countries": "partners",
    "powers": "partners",
    "world": "partners",
    "community": "partners",
    "west": "West",
}
"""Words for states without their names; of whom a measure is asked or told need not be anybody else of the text."""


def _is_place(words: Sequence[Word], start: int, end: int, kind: str) -> bool:
    before = words[start - 1].low if start else ""
    if kind == "capital":
        return before in WHERE or (end < len(words) and words[end].low in MEETINGS)
    town = start > 2 and before == "," and words[start - 2].capital
    return town and any(word.low in WHERE for word in words[max(0, start - 5) : start - 2])


def _rebels(words: Sequence[Word], actors: Sequence[Actor]) -> list[Actor]:
    """Groups without a name: “Chadian rebels”, “pro-Libyan separatists”."""
    found = []
    for place, word in enumerate(words):
        if word.low not in REBELS or any(a.start <= place < a.end for a in actors):
            continue
        named = place and (words[place - 1].capital or words[place - 1].low.startswith("pro-"))
        first = place - 1 if named and words[place - 1].low not in ARTICLES else place
        if word.low == "rebel" or (first == place and word.low == "opposition"):
            continue
        own = next((a for a in actors if a.kind == "group" and a.start == first), None)
        if own is None:
            name = " ".join(w.text for w in words[first : place + 1])
            found.append(Actor(place, place + 1, name, "rebels", name, None))
    return found


def label_of(one: Named) -> str | None:
    """The label that this entity has as party, imposer or target; None if it can be none."""
    entity = one.entity
    if entity.type == "group" and one.kind != "name":
        return entity.name or entity.text
    if one.kind in {"state", "demonym", "capital", "seat", "body", "army", "region", "leader"}:
        return one.code or entity.country or (entity.text if one.kind == "region" else None)
    if entity.type in {"person", "organisation", "vessel"}:
        return entity.name or entity.text
    return None


def _many(words: Sequence[Word], actors: Sequence[Actor]) -> list[Actor]:
    """“The West”, “allies”, “world leaders”, “the international community”."""
    found = []
    for place, word in enumerate(words):
        if word.low in MANY and _apart(words, place) and not any(a.start <= place < a.end for a in actors):
            found.append(Actor(place, place + 1, MANY[word.low], "many", word.text, None))
    return found


def _apart(words: Sequence[Word], place: int) -> bool:
    """Whether the word means states: no “West Bank”, and no community but the international one."""
    word, follows = words[place], words[place + 1] if place + 1 < len(words) else None
    if word.low == "west":
        return word.capital and (follows is None or not follows.capital or follows.low.endswith("s"))
    return word.low != "community" or (place > 0 and words[place - 1].low == "international")
