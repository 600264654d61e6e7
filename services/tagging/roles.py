"""Roles: who imposes on whom, or which sides fight, as far as the sentence or the lead of its article says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.tagging.actors import BODIES, Actor
from services.tagging.claims import Claim
from services.tagging.mood import Mood
from services.tagging.words import Word

AGAINST = frozenset({"on", "against", "targeting", "for", "from", "over", "towards", "toward", "at", "to"})
IMPOSERS = BODIES | {"US", "GB"}
MEDIATORS = BODIES | {"US", "GB", "FR", "DE", "EG", "QA", "TR", "NO", "CH", "SA", "VA"}
ADDRESSED = frozenset({"call", "seek", "oppose"})
STATE_KINDS = frozenset({"state", "demonym", "capital", "seat", "leader", "army", "legislator"})


@dataclass(frozen=True)
class Roles:
    """Labels by role, in the order of the text."""

    parties: tuple[str, ...] = ()
    imposer: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    subject: Actor | None = None


def roles_of(
    claim: Claim,
    mood: Mood,
    words: Sequence[Word],
    actors: Sequence[Actor],
    kinds: Sequence[str],
    around: Sequence[Actor],
    of_others: bool,
) -> Roles:
    """The roles of one claim; `kinds` are the family's roles, `around` the actors of the text.

    `of_others`: who does this is not the one that imposes, as who asks for it or evades it.
    """
    subject = _subject(mood, words, actors, claim)
    if "parties" in kinds:
        return Roles(parties=_parties(claim, words, actors, around), subject=subject)
    target = _target(claim, words, actors)
    imposer = _imposer(claim, mood, words, actors, subject, of_others, target)
    if not target:
        target = _elsewhere(around, imposer)
    return Roles(imposer=imposer, target=target, subject=subject)


def _subject(mood: Mood, words: Sequence[Word], actors: Sequence[Actor], claim: Claim) -> Actor | None:
    """The actor that stands nearest before the outermost verb."""
    limit = mood.outer_verb
    before = [actor for actor in actors if actor.end <= limit]
    if claim.side == "right":
        before = (
            [actor for actor in before if actor.end <= claim.thing[0]] if mood.outer_verb >= claim.thing[0] else before
        )
    return before[-1] if before else None


def _labels(actors: Iterable[Actor]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for actor in actors:
        found.setdefault(actor.label)
        if actor.kind == "name" and actor.state and len(actor.state) == 2:
            found.setdefault(actor.state)
    return tuple(found)


def _target(claim: Claim, words: Sequence[Word], actors: Sequence[Actor]) -> tuple[str, ...]:
    if claim.side == "act":
        after = [
            a for a in actors if claim.verb < a.start < claim.last + 9 and not _broken(words, claim.verb + 1, a.start)
        ]
        inside = [a for a in after if a.start < claim.last]
        if after:
            return _labels(inside or after[:4])
    end = claim.thing[1]
    found: list[Actor] = []
    for actor in actors:
        if actor.start < end or actor.start > end + 14 or _broken(words, end, actor.start):
            continue
        between = {word.low for word in words[end : actor.start]}
        if (between & AGAINST and "by" not in between) or found:
            found.append(actor)
    if found:
        return _labels(found[:4])
    before = [
        a
        for a in actors
        if a.end in {claim.thing[0], claim.thing[0] - 1} and a.kind == "state" and a.label not in IMPOSERS
    ]
    before = [a for a in before if not words[a.end - 1].possessive]
    if before:
        return _labels(before)
    return _labels(a for a in actors if a.end <= claim.verb and _objects(words, a)) if claim.passive else ()


def _objects(words: Sequence[Word], actor: Actor) -> bool:
    return actor.start > 0 and words[actor.start - 1].low in {"on", "against"}


BREAKS = frozenset(
    {
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
        "amid",
        "since",
        "before",
        "despite",
    }
)


def _broken(words: Sequence[Word], start: int, end: int) -> bool:
    return any(word.low in BREAKS or word.low in {";", ":", "."} for word in words[start:end])


def _imposer(
    claim: Claim,
    mood: Mood,
    words: Sequence[Word],
    actors: Sequence[Actor],
    subject: Actor | None,
    of_others: bool,
    target: tuple[str, ...],
) -> tuple[str, ...]:
    start, _end = claim.thing
    by = [
        a
        for a in actors
        if a.start > start and any(words[p].low == "by" for p in range(max(start, a.start - 3), a.start))
    ]
    if by and by[0].start < claim.last + 8 and by[0].label not in target:
        return _states(by[:3])
    beside = [
        a
        for a in actors
        if start - 4 <= a.start < start and a.end > start - 4 and a.label not in target and _state_like(a)
    ]
    if beside:
        return _states(beside)
    if mood.chain and ADDRESSED & set(mood.chain):
        addressed = [
            a for a in actors if mood.outer_verb < a.start < claim.verb and a.label not in target and _state_like(a)
        ]
        if not addressed and subject and subject.state and _office_between(mood, claim, words):
            return (subject.state,)
        return _states(addressed[:1])
    if subject and _state_like(subject) and subject.label not in target and not of_others:
        return _states(
            [a for a in actors if a.end <= mood.outer_verb and _state_like(a) and a.label not in target][-2:]
            if _paired(words, actors, subject)
            else [subject]
        )
    return ()


OFFICES = frozenset(
    {"minister", "president", "government", "chancellor", "premier", "parliament", "congress", "cabinet"}
)


def _office_between(mood: Mood, claim: Claim, words: Sequence[Word]) -> bool:
    """Whether an office without a name is addressed: it is that of the speaker's own state."""
    return any(word.low in OFFICES for word in words[mood.outer_verb : claim.verb])


def _paired(words: Sequence[Word], actors: Sequence[Actor], subject: Actor) -> bool:
    return any(words[p].low in {"and", "&"} for p in range(max(0, subject.start - 2), subject.start))


def _state_like(actor: Actor) -> bool:
    return actor.kind in STATE_KINDS or actor.kind == "body" or (actor.state is not None and actor.kind == "name")


def _states(actors: Iterable[Actor]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(actor.state if actor.kind == "name" and actor.state else actor.label for actor in actors)
    )


def _elsewhere(around: Sequence[Actor], imposer: tuple[str, ...]) -> tuple[str, ...]:
    """The one state of headline and lead that is named most and imposes nothing."""
    counted = Counter(
        a.label for a in around if a.kind in STATE_KINDS and a.label not in IMPOSERS and a.label not in imposer
    )
    return (counted.most_common(1)[0][0],) if counted else ()


def _parties(claim: Claim, words: Sequence[Word], actors: Sequence[Actor], around: Sequence[Actor]) -> tuple[str, ...]:
    """Both sides where the sentence joins them, else those of it that the text names most, filled up from the text."""
    named = _between(claim, words, actors)
    if len(named) >= 2:
        return named[:2]
    fighting, most = _fighting(actors), _most_named(around)
    if len(fighting) > 2 or any(label not in most[:3] for label in fighting):
        fighting = tuple(label for label in fighting if label in most[:3]) or fighting
    more = [label for label in most if label not in fighting]
    return tuple([*fighting, *more][:2])


def _most_named(around: Sequence[Actor]) -> tuple[str, ...]:
    """The sides of a text, those named most first; equal ones in the order of the text."""
    counted = Counter(label for actor in around for label in _fighting([actor]))
    sides = _fighting(around)
    return tuple(sorted(sides, key=lambda label: (-counted[label], sides.index(label))))


def _between(claim: Claim, words: Sequence[Word], actors: Sequence[Actor]) -> tuple[str, ...]:
    """“between X and Y”, “X-Y truce”, “with Y”."""
    found: list[Actor] = []
    for place in range(claim.thing[1], min(len(words), claim.thing[1] + 8)):
        if words[place].low == "between":
            found = [a for a in actors if place < a.start < place + 14]
            break
    return tuple(label for label in _fighting(found))


def _fighting(actors: Sequence[Actor]) -> tuple[str, ...]:
    """Sides that can fight, those that usually mediate last."""
    sides = [
        a
        for a in actors
        if a.kind in {"state", "demonym", "capital", "army", "group", "listed", "leader", "seat", "region"}
        and a.label not in BODIES
    ]
    labels = list(dict.fromkeys("Hamas" if a.label == "PS" and a.kind == "region" else a.label for a in sides))
    return tuple(
        [label for label in labels if label not in MEDIATORS]
        or [label for label in labels if label not in MEDIATORS - {"US", "TR"}]
    )
