"""Which sides fight: those that the sentence joins, else those of it, of the headline and of the text, filled up by whom a side fights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

from services.tagging.actors import BODIES, Actor
from services.tagging.claims import Claim
from services.tagging.words import Word

THEATRES = Path(__file__).with_name("theatres.yaml")
MEDIATORS = BODIES | {"US", "GB", "FR", "DE", "EG", "QA", "TR", "NO", "CH", "SA", "VA", "JO", "KW", "OM", "KE", "CN"}
"""Who mediates more often than it fights: a side only where the text joins it with another or shows it fighting."""
SIDES = frozenset({"state", "demonym", "capital", "army", "group", "leader", "seat", "region", "legislator", "rebels"})
WAR = frozenset(
    [
        "strike",
        "strikes",
        "attack",
        "attacks",
        "airstrikes",
        "air-strikes",
        "bombing",
        "bombs",
        "bombards",
        "shelling",
        "troops",
        "forces",
        "missiles",
        "drones",
        "war",
        "offensive",
        "raid",
        "raids",
        "blockade",
        "soldiers",
        "gunfire",
        "jets",
        "warplanes",
        "army",
        "military",
        "tanks",
        "fires",
        "fire",
        "incursion",
        "invasion",
    ]
)
HOLDERS = {"PS": "IL", "LB": "IL"}
"""Whom groups fight that do not fight the state that they live in."""


def fighting(
    claim: Claim,
    words: Sequence[Word],
    actors: Sequence[Actor],
    around: Sequence[Actor],
    caller: str | None,
    year: int | None,
) -> tuple[str, ...]:
    """The sides of one claim, two where two can be told. `caller` is the side that only calls for it, if any."""
    joined = _joined(claim, words, actors)
    if len(joined) >= 2:
        return joined[:2]
    actors = [a for a in actors if not _brokers(words, a)]
    most = [label for label in _most_named(around) if label != caller]
    here, there = _theatre(actors, year), _theatre(around, year)
    named = tuple(label for label in _labels(actors) if label not in MEDIATORS or _fights(label, words, actors))
    if caller and caller not in {*here, *there} and (here or there or most or len(named) > 1):
        named = tuple(label for label in named if label != caller)
    named = _of_theatre(named, here or there, actors)
    if len(named) > 2 or any(label not in most[:3] for label in named):
        named = tuple(label for label in named if label in most[:3]) or named
    if len(named) < 2:
        rebels = tuple(a.label for a in around if a.kind == "rebels")[:1]
        named = _filled(named, rebels if set(named) & set(here or there) else (), here, most, there)
    return named[:2]


BROKERING = ("broker", "mediat", "hosted", "hosting", "facilitat", "announce", "urg", "welcom")


def _brokers(words: Sequence[Word], actor: Actor) -> bool:
    """Whether a usual mediator only brings the sides together: “X and Y broker”, “brokered by X”, “mediated by Y”."""
    if actor.label not in MEDIATORS | {"RU"}:
        return False
    after = [word.low for word in words[actor.end : actor.end + 5]]
    before = [word.low for word in words[max(0, actor.start - 6) : actor.start]]
    by = "by" in before and any(low.startswith(BROKERING) for low in before)
    return by or any(low.startswith(BROKERING) for low in after)


def _of_theatre(named: tuple[str, ...], sides: tuple[str, ...], actors: Sequence[Actor]) -> tuple[str, ...]:
    """Without states that are none of the theatre's sides, where one of these is named."""
    if not set(named) & set(sides):
        return named
    groups = {a.label for a in actors if a.kind in {"group", "rebels"}}
    return tuple(label for label in named if label in sides or label in groups)


def _filled(
    named: tuple[str, ...], rebels: tuple[str, ...], here: tuple[str, ...], most: Sequence[str], there: tuple[str, ...]
) -> tuple[str, ...]:
    """Filled up by rebels, the theatre of the sentence, the text's most named sides, the theatre of the text."""
    for sides in (rebels, here, tuple(label for label in most if label not in MEDIATORS), there):
        if len(named) >= 2:
            break
        if not named or set(named) & set(sides) or sides is not here:
            named = tuple(dict.fromkeys((*named, *sides)))[:2]
    return named


def _joined(claim: Claim, words: Sequence[Word], actors: Sequence[Actor]) -> tuple[str, ...]:
    """“between X and Y”, “X-Y truce”, “X's truce with Y”: sides that the words themselves join."""
    for place, word in enumerate(words):
        if word.low == "between":
            found = _labels([a for a in actors if place < a.start < place + 14])
            if len(found) > 1:
                return found[:2]
    for actor, after in pairwise(actors):
        near = abs(claim.thing[0] - actor.start) < 8
        if near and (actor.start == after.start or _hyphened(words, actor, after)):
            pair = _labels([actor, after])
            if len(pair) > 1:
                return pair
    return _with(claim, words, actors)


def _hyphened(words: Sequence[Word], actor: Actor, after: Actor) -> bool:
    between = words[actor.end : after.start]
    return len(between) == 1 and between[0].low in {"-", "–", "/"}


def _with(claim: Claim, words: Sequence[Word], actors: Sequence[Actor]) -> tuple[str, ...]:
    """“X agrees a truce with Y”."""
    for place in range(claim.thing[1], min(len(words), claim.thing[1] + 4)):
        if words[place].low in {"with", "against"}:
            other = _labels([a for a in actors if place < a.start < place + 5])[:1]
            one = [label for label in _labels([a for a in actors if a.end <= claim.thing[0]]) if label not in other]
            return (*one[-1:], *other) if other else ()
    return ()


def _labels(actors: Iterable[Actor]) -> tuple[str, ...]:
    """The sides among actors, in their order: no bodies, no places; a people is not told beside its own armed group."""
    sides = [a for a in actors if a.kind in SIDES and a.label not in BODIES and not a.place]
    sides = [a for a in sides if a.kind != "region" or len(a.label) == 2]
    if any(a.kind == "group" for a in sides):
        sides = [a for a in sides if a.kind != "rebels" or " " in a.label]
    found = dict.fromkeys(map(_side, sides))
    if "PS" in found and {"Hamas", "Islamic Jihad"} & set(found):
        del found["PS"]
    return tuple(found)


def _side(actor: Actor) -> str:
    return "Hamas" if actor.label == "PS" and actor.kind == "region" else actor.label


def _fights(label: str, words: Sequence[Word], actors: Sequence[Actor]) -> bool:
    """Whether the sentence shows a usual mediator fighting: “X's strikes”, “X-led coalition”, “war on X”."""
    for actor in (a for a in actors if a.label == label and a.kind in SIDES):
        after = [word.low for word in words[actor.end : actor.end + 3]]
        before = [word.low for word in words[max(0, actor.start - 2) : actor.start]]
        if WAR & set(after[:2]) or "coalition" in after or ("war" in before or "fire" in before):
            return True
    return False


def _most_named(around: Sequence[Actor]) -> tuple[str, ...]:
    """The sides of a text, those named most first; equal ones in the order of the text."""
    counted = Counter(_side(a) for a in around)
    sides = _labels(around)
    return tuple(sorted(sides, key=lambda label: (-counted[label], sides.index(label))))


def _theatre(actors: Iterable[Actor], year: int | None) -> tuple[str, ...]:
    """The sides of the theatre that is named, or a group and whom it fights."""
    known = theatres()
    for actor in actors:
        row = known.get(actor.name) or known.get(actor.label if actor.kind in {"state", "demonym"} else "")
        if row and (year is None or year >= row[0]):
            return row[1]
        if actor.kind == "group" and actor.state and (foe := HOLDERS.get(actor.state, actor.state)):
            return (actor.label, foe)
    return ()


@cache
def theatres() -> dict[str, tuple[int, tuple[str, ...]]]:
    """The first year and the sides of the conflicts that news names by their theatre alone, by the theatre's name or its state's code."""
    rows = yaml.safe_load(THEATRES.read_text("utf-8"))
    return {name: (row.get("since", 0), tuple(row["sides"])) for name, row in rows.items()}
