"""Who imposes on whom, as the clause of a measure says it: by its noun phrase, its object, its agent, and its subject."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from schemas.families import families
from services.tagging.actors import BODIES, Actor
from services.tagging.clauses import (
    ENDS,
    FOR,
    ONTO,
    USUAL,
    Clause,
    joined_before,
    labels,
    listed,
    state_like,
    state_of,
    states,
)

NOUN_PHRASE = 6
ADDRESSED = frozenset({"call", "seek", "oppose"})
OFFICES = frozenset(
    {"minister", "president", "government", "chancellor", "premier", "parliament", "congress", "cabinet"}
)
GOVERNMENTS = frozenset({"government", "administration", "regime", "authorities", "officials"})
BEFORE_THE_ACT = frozenset({"sought", "coming"})
"""Groups of statuses at which a state that imposes nothing as a rule only speaks of others' measures."""


@cache
def only_said() -> frozenset[str]:
    """The statuses of measures that are spoken of and not yet taken."""
    measures = (family for family in families().values() if "imposer" in family.roles)
    return frozenset(
        name for family in measures for name, status in family.statuses.items() if status.group in BEFORE_THE_ACT
    )


def imposing(clause: Clause) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(imposers, targets) that the clause itself states."""
    before = _before(clause)
    after = _after(clause)
    objects = after or _objects(clause)
    authors = [a for a in before if _authors(clause, a, bool(objects))]
    target = (
        labels(_persons(clause, objects))
        or labels(a for a in before if a not in authors and state_like(a))
        or _suffering(clause)
    )
    if not target and clause.status == "relief_sought" and clause.subject and _of_its_own(clause.subject):
        target = states([clause.subject])
    if clause.status == "countered":
        return _countering(clause, authors, target)
    authors = authors or [
        a
        for a in clause.actors
        if clause.claim.first < a.start
        and a.end < len(clause.words)
        and clause.words[a.end].low in MEASURES
        and state_of(a) in USUAL
    ]
    if authors and clause.claim.side == "left" and _joins(clause):
        authors = [a for a in joined_before(clause, clause.subject) if a not in authors] if clause.subject else authors
    imposer = states(_agents(clause)) or states(authors) or _asked(clause, target) or _acting(clause, target)
    return tuple(i for i in imposer if i not in target or len(target) > 1), tuple(t for t in target if t not in imposer)


JOINING = ("join", "adopt", "follow", "mirror", "match", "align", "copy", "back")
"""Verbs of states that take over the measures of others: these are then their own."""


def _joins(clause: Clause) -> bool:
    verb = clause.words[clause.claim.verb].low
    subject = clause.subject
    return verb.startswith(JOINING) and subject is not None and state_like(subject) and subject.end <= clause.claim.verb


MEASURES = frozenset(
    {"sanctions", "sanction", "embargo", "measures", "penalties", "restrictions", "curbs", "bans", "ban"}
)
HIT = frozenset(
    {"hit", "hits", "slapped", "slap", "faces", "face", "facing", "faced", "targeted", "punished", "struck", "under"}
)


def _before(clause: Clause) -> list[Actor]:
    """The actors in the noun phrase that ends with the measure (“US and EU sanctions”, “Libya's oil embargo”)."""
    start = clause.claim.thing[0]
    first = start
    floor = max(
        0, start - NOUN_PHRASE, clause.claim.cue.end if clause.claim.cue and clause.claim.cue.end <= start else 0
    )
    while first > floor and _of_phrase(clause, first - 1):
        first -= 1
    return [a for a in clause.actors if first <= a.start < start] if clause.claim.side != "act" else []


def _of_phrase(clause: Clause, place: int) -> bool:
    word = clause.words[place]
    if word.low in {"and", ",", "&"}:
        return any(a.end == place for a in clause.actors) and any(
            a.start in {place + 1, place + 2} for a in clause.actors
        )
    return (
        word.low not in ENDS | ONTO | FOR | {"of", "with", "be", "is", "are", "was", "were"}
        and word.text.isprintable()
        and word.low[:1].isalnum()
    )


def _authors(clause: Clause, actor: Actor, has_target: bool) -> bool:
    """Whether a name in the noun phrase of a measure is its author: it usually imposes, owns it, or another is the target."""
    side = state_of(actor)
    owns = clause.words[actor.end - 1].possessive
    return (
        side in USUAL
        or (has_target and (owns or actor.end >= clause.claim.thing[0] - 2))
        or (owns and actor.kind in {"body", "seat"})
    )


def _after(clause: Clause) -> list[Actor]:
    """The actors that a preposition ties to the measure (“sanctions on X and Y”)."""
    end, words = clause.claim.thing[1], clause.words
    if clause.claim.side == "act":
        return []
    inside = [a for a in clause.actors if clause.claim.thing[0] < a.start < end]
    if inside or words[end - 1].low in ONTO:
        return inside or listed(clause, end)
    for place in range(end, min(len(words), end + 10)):
        low = words[place].low
        if low in ONTO:
            return listed(clause, place + 1)
        if low in FOR and place < end + 3:
            found = listed(clause, place + 1)
            return [a for a in found[:1] if a.start - place < 3 and not words[a.end - 1].possessive] and found
        if low in ENDS or not (low[:1].isalnum() or low == "-"):
            return []
    return []


def _objects(clause: Clause) -> list[Actor]:
    """Whom the measure's own verb has as its object (“blacklists X”, “fined Y for breaching …”)."""
    claim = clause.claim
    if claim.side != "act" or claim.passive or _done_to(clause) or _of_them(clause):
        return []
    found = listed(clause, claim.verb + 1)
    return [a for a in found if a.end >= len(clause.words) or clause.words[a.end].low not in MEASURES]


def _of_them(clause: Clause) -> bool:
    """Whether the object is somebody's named before: “freezing their assets”."""
    claim = clause.claim
    return any(word.low in {"their", "his", "her", "them"} for word in clause.words[claim.verb + 1 : claim.thing[1]])


def _done_to(clause: Clause) -> bool:
    """Whether the measure's own verb is a passive: “was blacklisted by”, and in headlines “fined for”."""
    words, verb = clause.words, clause.claim.verb
    if not clause.claim.cue or clause.claim.cue.form not in {"part", "past"}:
        return False
    before = {word.low for word in words[max(0, verb - 4) : verb]}
    follows = words[verb + 1].low if verb + 1 < len(words) else ""
    return (
        bool(before & {"be", "been", "is", "are", "was", "were", "being"})
        or follows in {"by", "over", "for", "after", "$"}
        or follows[:1].isdigit()
    )


def _suffering(clause: Clause) -> tuple[str, ...]:
    """The subject of a passive: it bears the measure (“X was blacklisted”, “Y is hit with sanctions”)."""
    if clause.claim.side == "act" and _done_to(clause):
        before = [
            a for a in clause.actors if a.end <= clause.claim.verb and not clause.broken(a.end, clause.claim.verb)
        ]
        return labels(before[-1:])
    claim, subject = clause.claim, clause.subject
    hit = {word.low for word in clause.words[claim.verb : claim.thing[1]]} | {
        word.low for word in clause.words[max(0, claim.thing[0] - 5) : claim.thing[0]]
    }
    if not hit & HIT or claim.side == "right":
        return ()
    bears = [a for a in clause.actors if a.end <= claim.verb and not clause.broken(a.end, claim.verb)]
    subject = bears[-1] if bears else subject
    return labels([subject]) if subject and state_of(subject) not in USUAL and subject.kind != "many" else ()


def _countering(
    clause: Clause, authors: Sequence[Actor], target: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who retaliates imposes, on those whose measures it answers."""
    acting = clause.subject if clause.subject and state_like(clause.subject) else None
    struck = states([*authors, *_agents(clause)])
    imposer = states([acting] if acting else [])
    return imposer, tuple(s for s in (struck or target) if s not in imposer)


def _agents(clause: Clause) -> list[Actor]:
    """“imposed by X and Y”: after the measure or its verb."""
    start = clause.claim.first
    for place in range(start + 1, min(len(clause.words), clause.claim.last + 8)):
        if clause.words[place].low in {";", ":", "."}:
            break
        if clause.words[place].low == "by":
            found = listed(clause, place + 1)
            if found and found[0].start - place < 5:
                return [a for a in found if state_like(a)]
    return []


def _asked(clause: Clause, target: tuple[str, ...]) -> tuple[str, ...]:
    """Whom somebody asks to impose or to lift: between the asking and the measure's verb."""
    mood, claim = clause.mood, clause.claim
    if not (mood.chain and ADDRESSED & set(mood.chain)):
        return ()
    between = [a for a in clause.actors if mood.outer_verb < a.start < claim.verb and state_like(a)]
    addressed = [a for a in between if state_of(a) not in target]
    if addressed:
        return states(addressed[:2])
    speaker = clause.subject
    office = any(word.low in OFFICES for word in clause.words[mood.outer_verb : claim.verb])
    return (state_of(speaker),) if speaker and speaker.state and office else ()


def _acting(clause: Clause, target: tuple[str, ...]) -> tuple[str, ...]:
    """Who acts in the clause, with those joined to him; not where another's act is told, nor where one only talks who imposes nothing."""
    subject = clause.subject
    if subject is None or clause.of_others or clause.claim.passive or _done_to(clause) or not state_like(subject):
        return ()
    group = joined_before(clause, subject)
    names = [a for a in group if state_of(a) not in target]
    speaks = clause.claim.base in only_said() and not {"own"} & {word.low for word in clause.words}
    if clause.status == "blocked" or "oppose" in clause.mood.chain:
        return states(a for a in names if a.label in BODIES)
    if not any(state_of(a) in USUAL for a in names) and (speaks or not target):
        return ()
    return states(names)


def _persons(clause: Clause, objects: Sequence[Actor]) -> list[Actor]:
    """The objects, and a leader who is meant himself also by his name: not “X's oil”, “the X government”."""
    found = []
    for actor in objects:
        found.append(actor)
        behind = clause.words[actor.end].low if actor.end < len(clause.words) else ""
        if actor.kind == "leader" and not clause.words[actor.end - 1].possessive and behind not in GOVERNMENTS:
            found.append(actor._replace(label=actor.name, kind="person"))
    return found


def _of_its_own(actor: Actor) -> bool:
    """Whether who asks for relief is a state that usually imposes nothing: it asks for itself, if nobody else is named."""
    return state_like(actor) and state_of(actor) not in USUAL
