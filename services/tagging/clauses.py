"""A claim's clause with its actors, and the lists of names in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.tagging.actors import BODIES, STATE_KINDS, Actor
from services.tagging.claims import Claim
from services.tagging.mood import Mood
from services.tagging.words import Word

USUAL = BODIES | {"US", "GB", "CA", "AU", "JP", "CH", "NZ", "NO"}
"""Who usually imposes: of these a name right before the measure is its author, of others its target."""
ONTO = frozenset(
    {"on", "against", "targeting", "upon", "towards", "toward", "at", "hitting", "aimed", "targeted", "punishing"}
)
FOR = frozenset({"for", "from", "to"})
ENDS = frozenset(
    [
        "after",
        "because",
        "as",
        "while",
        "when",
        "if",
        "unless",
        "until",
        "who",
        "which",
        "that",
        "amid",
        "since",
        "before",
        "despite",
        "over",
        "though",
        "although",
        "without",
        "during",
        "following",
        "in",
        "if",
        "whether",
        "by",
        "due",
        "citing",
        "and/or",
        "saying",
        "said",
        "says",
    ]
)
"""Words at which a list of names, or what stands between a measure and its target, ends."""
INSIDE = frozenset(
    {
        "and",
        "or",
        ",",
        "&",
        "the",
        "former",
        "including",
        "as",
        "well",
        "both",
        "its",
        "their",
        "of",
        "several",
        "senior",
        "top",
    }
)
"""Words that may stand between two names of one list."""


@dataclass(frozen=True)
class Clause:
    """One claim with the words and actors of its sentence; `subject` is who acts in it."""

    claim: Claim
    mood: Mood
    words: Sequence[Word]
    actors: Sequence[Actor]
    subject: Actor | None
    status: str
    of_others: bool

    def broken(self, start: int, end: int) -> bool:
        """Whether another clause or a mark begins between two words."""
        return any(
            word.low in ENDS or word.low in {";", ":", ".", "(", ")", "—", "–"} for word in self.words[start:end]
        )


def listed(clause: Clause, place: int) -> list[Actor]:
    """The actors of the list that begins at a word: the first within a few words, the others joined to it."""
    found: list[Actor] = []
    for actor in (a for a in clause.actors if a.start >= place):
        between = clause.words[found[-1].end if found else place : actor.start]
        if not found and (len(between) > 9 or clause.broken(place, actor.start)):
            break
        if found and not _joined(between, found[-1], actor):
            break
        found.append(actor)
    return found


def _joined(between: Sequence[Word], last: Actor, actor: Actor) -> bool:
    lows = [word.low for word in between]
    office = len(lows) < 5 and all(
        word.text.islower() and word.low not in ENDS | ONTO | FOR | INSIDE for word in between
    )
    if last.kind in {"demonym", "state"} and (not lows or (office and actor.kind in {"name", "leader", "legislator"})):
        return True
    plain = all(low in INSIDE or low.islower() for low in lows) and len(lows) < 6
    return plain and bool({"and", ",", "including", "or", "&"} & set(lows)) and not (set(lows) & (ENDS | ONTO | FOR))


def joined_before(clause: Clause, subject: Actor) -> list[Actor]:
    """The subject with the names that “and” and commas join to it."""
    before = [a for a in clause.actors if a.end <= subject.start]
    group = [subject]
    for actor in reversed(before):
        between = [word.low for word in clause.words[actor.end : group[0].start]]
        if len(between) > 4 or not ({"and", ",", "&"} & set(between)) or set(between) & (ENDS | ONTO | FOR):
            break
        group.insert(0, actor)
    return [a for a in group if state_like(a)]


def state_of(actor: Actor) -> str:
    """The state or body that an actor stands for, else its own label."""
    return actor.state if actor.kind == "name" and actor.state else actor.label


def state_like(actor: Actor) -> bool:
    """Whether an actor stands for a state, a body, or states without names."""
    return (
        actor.kind in STATE_KINDS
        or actor.kind in {"body", "many"}
        or (actor.state is not None and actor.kind in {"name", "leader"})
    )


def states(actors: Iterable[Actor]) -> tuple[str, ...]:
    """The states of these actors, each once, in their order."""
    return tuple(dict.fromkeys(map(state_of, actors)))


def labels(actors: Iterable[Actor]) -> tuple[str, ...]:
    """The labels of targets, a person's or a firm's with its state."""
    found: dict[str, None] = {}
    for actor in actors:
        found.setdefault(actor.label)
        if actor.kind == "name" and actor.state and len(actor.state) == 2:
            found.setdefault(actor.state)
    return tuple(found)
