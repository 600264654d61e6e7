"""Roles: who imposes on whom, or which sides fight, as far as the sentence or its article says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.tagging.actors import MANY, STATE_KINDS, Actor
from services.tagging.claims import Claim
from services.tagging.clauses import USUAL, Clause
from services.tagging.fighting import fighting
from services.tagging.imposing import imposing
from services.tagging.mood import Mood
from services.tagging.words import Word

UNNAMED = frozenset(MANY.values())
"""Labels of states that are not named: they fill no role, but nobody else fills it for them."""


@dataclass(frozen=True)
class Roles:
    """Labels by role, in the order of the text; `stated` says which of them the clause itself states, `by_others` that its
    subject only speaks of another's measure.
    """

    parties: tuple[str, ...] = ()
    imposer: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    subject: Actor | None = None
    stated: frozenset[str] = frozenset()
    by_others: bool = False


def roles_of(
    claim: Claim,
    mood: Mood,
    words: Sequence[Word],
    actors: Sequence[Actor],
    kinds: Sequence[str],
    around: Sequence[Actor],
    status: str,
    of_others: bool,
    year: int | None = None,
) -> Roles:
    """The roles of one claim; `kinds` are the family's roles, `around` the actors of the text.

    `of_others`: who does this is not the one that imposes, as who asks for it or evades it.
    """
    subject = _subject(mood, words, actors, claim)
    if "parties" in kinds:
        caller = subject.label if subject and of_others else None
        return Roles(parties=fighting(claim, words, actors, around, caller, year), subject=subject)
    imposer, target = imposing(Clause(claim, mood, words, actors, subject, status, of_others))
    stated = frozenset(name for name, found in (("imposer", imposer), ("target", target)) if found)
    imposer, target = (tuple(name for name in names if name not in UNNAMED) for names in (imposer, target))
    return Roles(imposer=imposer, target=target, subject=subject, stated=stated, by_others=of_others)


def _subject(mood: Mood, words: Sequence[Word], actors: Sequence[Actor], claim: Claim) -> Actor | None:
    """The actor that stands nearest before the outermost verb, over what is put between commas."""
    limit = _before_apposition(words, mood.outer_verb)
    before = [actor for actor in actors if actor.end <= limit]
    if claim.side == "right" and mood.outer_verb >= claim.thing[0]:
        before = [actor for actor in before if actor.end <= claim.thing[0]]
    acting = [actor for actor in before if not _in_phrase(words, actor)]
    if (
        acting
        and mood.outer_verb
        and words[mood.outer_verb].low.endswith("ing")
        and words[mood.outer_verb - 1].low == ","
    ):
        return acting[0]
    return (acting or before)[-1] if before else None


PREPOSITIONS = frozenset(
    [
        "in",
        "of",
        "from",
        "for",
        "with",
        "against",
        "on",
        "to",
        "by",
        "between",
        "into",
        "over",
        "at",
        "near",
        "inside",
        "across",
        "after",
        "before",
        "toward",
        "towards",
    ]
)
HEADS = frozenset(
    [
        "government",
        "president",
        "minister",
        "ministry",
        "leader",
        "leaders",
        "republic",
        "authorities",
        "army",
        "forces",
        "parliament",
        "side",
        "prime",
        "council",
        "union",
        "kingdom",
        "governments",
        "presidents",
        "ministers",
        "states",
        "emirates",
        "leaders",
    ]
)


def _in_phrase(words: Sequence[Word], actor: Actor) -> bool:
    """Whether a preposition makes it part of another phrase: “its advance in Y”; not “the government of Y”."""
    place = actor.start - 1
    while place >= 0 and (
        words[place].low in {"the", "a"} or (words[place].capital and words[place].low not in PREPOSITIONS)
    ):
        place -= 1
    if place < 0 or words[place].low not in PREPOSITIONS:
        return False
    return not (words[place].low == "of" and place > 0 and words[place - 1].low in HEADS)


def _before_apposition(words: Sequence[Word], verb: int) -> int:
    """Where the subject ends: “X, a port of Y, adopts” says that X adopts."""
    place = verb
    while place and words[place - 1].low.endswith("ly"):
        place -= 1
    if not place or words[place - 1].low != ",":
        return verb
    opened = next((p for p in range(place - 2, -1, -1) if words[p].low == ","), None)
    return verb if opened is None or place - opened > 14 else opened


@dataclass(frozen=True)
class Lead:
    """The states that a text names: `headline` and `text`, those that usually impose apart from those that may be targets."""

    authors: tuple[tuple[str, ...], ...]
    suspects: tuple[tuple[str, ...], ...]


def lead_of_states(sentences: Sequence[tuple[bool, Sequence[Word], Sequence[Actor]]]) -> Lead:
    """What the headline alone, and headline and text together, name; (is it the headline, words, actors) of each sentence."""
    scopes = ([s for s in sentences if s[0]], sentences)
    return Lead(
        tuple(_most([a for _, _, actors in scope for a in actors if a.label in USUAL]) for scope in scopes),
        tuple(_most([a for _, words, actors in scope for a in actors if _suspect(words, a)]) for scope in scopes),
    )


VICTIM = frozenset({"in", "for", "of", "over", "to", "with", "from", "into", "near", "at", "toward", "towards"})
"""Before a state these make it the place or the cause of a measure, not whom it is aimed at."""


OF_VICTIM = frozenset(
    [
        "invasion",
        "crisis",
        "war",
        "conflict",
        "border",
        "borders",
        "tensions",
        "sovereignty",
        "territorial",
        "integrity",
        "independence",
        "people",
        "defence",
        "defense",
        "breakaway",
    ]
)
"""Behind a state these make it the one that suffers."""
ATTACKS = frozenset({"aggression", "war", "attack", "attacks", "offensive", "invasion", "strikes", "crimes"})


def _suspect(words: Sequence[Word], actor: Actor) -> bool:
    before = words[actor.start - 1].low if actor.start else ""
    behind = {word.low for word in words[actor.end : actor.end + 2]}
    attacked = before == "against" and words[actor.start - 2].low in ATTACKS if actor.start > 1 else False
    suffers = before in VICTIM or attacked or bool(behind & OF_VICTIM)
    return actor.kind in STATE_KINDS and actor.label not in USUAL and not suffers and not actor.place


def _most(actors: Sequence[Actor]) -> tuple[str, ...]:
    """The labels, those named most first; only the first where it is named at least twice as often as the next."""
    counted = Counter(a.label for a in actors if a.kind != "name").most_common()
    if len(counted) > 1 and counted[0][1] < 2 * counted[1][1]:
        return ()
    return tuple(label for label, _ in counted[:1])


def completed(every: Sequence[Roles], lead: Lead) -> list[Roles]:
    """The roles of all claims of a text, each with what it leaves unsaid from the nearest claim that says it, else from the lead."""
    return [_completed(every, place, lead) for place in range(len(every))]


def _completed(every: Sequence[Roles], place: int, lead: Lead) -> Roles:
    roles = every[place]
    if roles.parties or (roles.imposer and roles.target):
        return roles
    near = sorted(range(len(every)), key=lambda other: (abs(other - place), other > place))
    target, imposer = roles.target, roles.imposer
    if "target" not in roles.stated:
        target = _from(every, near, "target", roles)
    if "imposer" not in roles.stated:
        imposer = _from(every, near, "imposer", Roles(target=target))
    target = target or (() if "target" in roles.stated else _first(lead.suspects, imposer))
    if not imposer and "imposer" not in roles.stated:
        speaking = (roles.subject.label,) if roles.subject and roles.by_others else ()
        imposer = _first(lead.authors, (*target, *speaking))
    return Roles(imposer=imposer, target=target, subject=roles.subject, stated=roles.stated)


def _first(scopes: Sequence[tuple[str, ...]], taken: Sequence[str]) -> tuple[str, ...]:
    return next((labels for labels in scopes if labels and labels[0] not in taken), ())


def _from(every: Sequence[Roles], near: Sequence[int], name: str, ours: Roles) -> tuple[str, ...]:
    """What the nearest claim states in this role, unless it states another in the role that we know."""
    other = "imposer" if name == "target" else "target"
    mine = set(getattr(ours, other))
    for place in near:
        found: tuple[str, ...] = getattr(every[place], name)
        theirs = set(getattr(every[place], other))
        if name in every[place].stated and not set(found) & mine and (not mine or not theirs or mine & theirs):
            return found
    return ()
