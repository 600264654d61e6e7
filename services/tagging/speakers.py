"""Speakers: who says it, in what role, and how sure that makes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.assertions import Attribution, SpeakerRole
from services.tagging.actors import BODIES, Actor
from services.tagging.candidates import Candidate, Read
from services.tagging.lexicon import Reading, english
from services.tagging.sayers import Said, outlet_says, said_in, sayer_in, side_of

OFFICIAL = re.compile(
    r"\b(?:official|spokes\w+|ministry|minister|government|authorities|army|military)\b", re.IGNORECASE
)
ANALYST = re.compile(
    r"\b(?:analysts?|experts?|economists?|traders?|researchers?|professor|think tank)\b", re.IGNORECASE
)
REPORTEDLY = re.compile(r"\b(?:reportedly|allegedly|sources?|media reports?|according to)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Speaker:
    """Who says it (name or label), in what role, how sure it is, and the chain when it is third hand."""

    name: str | None
    role: SpeakerRole | None
    attribution: Attribution
    chain: tuple[str, ...]
    because: str


def speaker_of(
    candidate: Candidate, reading: Reading, around: Sequence[Actor] = (), speaking: frozenset[str] = frozenset()
) -> Speaker:
    """The speaker of a claim: who says it, else who does it, else the outlet itself.

    `around` are the actors of the text, `speaking` the sides that speak in it.
    """
    saying, text = _sayer(candidate), candidate.read.sentence.text
    subject = candidate.roles.subject
    actor = saying or (subject if candidate.verdict.status in reading.own_acts | reading.joint_acts else None)
    role = _role(actor, candidate, text)
    attribution, because = _attribution(candidate, saying, subject, reading, speaking)
    name = _named(actor, candidate, around) if actor else None
    return Speaker(name, role, attribution, _chain(candidate), because)


OFFICE = frozenset({"prime", "president", "minister", "premier", "chancellor", "leader", "king", "foreign"})


def _named(actor: Actor, candidate: Candidate, around: Sequence[Actor]) -> str:
    """The speaker's name; for a state's office without one, that of the only person of this state in the text."""
    if actor.kind in {"name", "leader", "legislator", "office holder"}:
        return actor.name
    behind = {word.low for word in candidate.read.words[actor.end : actor.end + 2]}
    holders = {a.name for a in around if a.human and a.state == actor.state}
    return next(iter(holders)) if behind & OFFICE and len(holders) == 1 else actor.label


def _sayer(candidate: Candidate) -> Actor | None:
    """The actor beside a verb of saying that is not the act itself."""
    claim = candidate.claim
    return sayer_in(candidate.read.words, candidate.read.actors, claim.first, claim.last) or candidate.read.voice


def _chain(candidate: Candidate) -> tuple[str, ...]:
    words, actors = candidate.read.words, candidate.read.actors
    says = [place for place, word in enumerate(words) if word.low in english().words["sayings"]]
    named = [next((a.name for a in reversed(actors) if a.end <= place and place - a.end < 5), None) for place in says]
    chain = tuple(dict.fromkeys(name for name in named if name))
    return chain if len(chain) > 1 else ()


def _role(actor: Actor | None, candidate: Candidate, text: str) -> SpeakerRole | None:
    if actor is None:
        return SpeakerRole.analyst if ANALYST.search(text) else SpeakerRole.official if OFFICIAL.search(text) else None
    side = actor.label if actor.kind != "name" else actor.state or actor.label
    roles = candidate.roles
    if side in roles.imposer:
        return SpeakerRole.imposer
    if side in roles.target:
        return SpeakerRole.target
    if side in roles.parties:
        return SpeakerRole.party
    if side in BODIES or len(side) == 2:
        return SpeakerRole.third_state
    return SpeakerRole.official if OFFICIAL.search(text) else None


def _attribution(
    candidate: Candidate, saying: Actor | None, subject: Actor | None, reading: Reading, speaking: frozenset[str]
) -> tuple[Attribution, str]:
    """How sure who says it makes it; `speaking` are the sides that speak anywhere in the text."""
    claim, read = candidate.claim, candidate.read
    said = said_in(read.words, read.actors, claim.first, claim.last)
    if "deny" in candidate.mood.chain:
        return Attribution.denied, "a denial stands over it"
    if outlet_says(read.words):
        return Attribution.unattributed, "the outlet says what it has found out"
    if REPORTEDLY.search(read.sentence.text) and saying is None and not said.anybody:
        return Attribution.claimed, "it is told at second hand"
    if saying is not None and saying is read.voice:
        said = Said(frozenset({side_of(saying)}))
    status = candidate.verdict.status
    if status in reading.joint_acts:
        return _of_all(candidate, said)
    if status in reading.own_acts:
        return _of_one(candidate, said, subject, _is_deed(status, reading), speaking)
    if said.admits:
        return Attribution.confirmed, "who did it says so"
    own = "accuse" in candidate.mood.chain and subject is not None
    if said.anybody or own:
        return Attribution.claimed, "one side says it of another" if own else "somebody says it"
    return Attribution.unattributed, "the outlet's own words"


def _of_all(candidate: Candidate, said: Said) -> tuple[Attribution, str]:
    """An act of all sides: confirmed if all say so, or the body whose act it is."""
    roles = candidate.roles
    parties = frozenset(roles.parties)
    if (
        said.together
        or (parties and parties <= said.sides)
        or (roles.imposer and (set(roles.imposer) & said.sides or said.office))
    ):
        return Attribution.confirmed, "every side says so"
    if said.anybody:
        return Attribution.claimed, "one side of a joint act says so"
    return Attribution.unattributed, "the outlet's own words"


def _of_one(
    candidate: Candidate, said: Said, subject: Actor | None, deed: bool, speaking: frozenset[str]
) -> tuple[Attribution, str]:
    """An act of one side: confirmed if it says so, or if the act is a saying; a deed that only the outlet tells is its own words."""
    acting = frozenset(candidate.roles.imposer) | (frozenset({side_of(subject)}) if subject else frozenset())
    if acting and (acting & said.sides or (said.office and not said.sides) or said.together):
        return Attribution.confirmed, "who does it says so"
    if said.anybody:
        return Attribution.claimed, "somebody says it of another"
    if LEGAL.search(candidate.read.sentence.text):
        return Attribution.confirmed, "a legal text"
    if subject is None:
        return Attribution.unattributed, "the outlet's own words"
    if not deed:
        return Attribution.confirmed, "to say it is to do it"
    if acting & speaking:
        return Attribution.confirmed, "who does it speaks in the text"
    return Attribution.unattributed, "the outlet's own words"


LEGAL = re.compile(
    r"\b(?:published and in force|by this (?:\w+ )?(?:act|order|regulation|decision)|official journal|federal register|hereby|gazetted|executive order)\b",
    re.IGNORECASE,
)
DEEDS = frozenset({"act", "entries", "end", "case"})
"""Particulars of what is done by doing, not by saying."""


def _is_deed(status: str, reading: Reading) -> bool:
    known = reading.family.statuses[status]
    return bool(DEEDS & set(known.again_when))


def speaking_in(reads: Iterable[Read]) -> frozenset[str]:
    """The sides that speak anywhere in a text."""
    return frozenset(side for read in reads for side in said_in(read.words, read.actors, 0, 0).sides)
