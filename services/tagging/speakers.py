"""Speakers: who says it, in what role, and how sure that makes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schemas.assertions import Attribution, SpeakerRole
from services.tagging.actors import BODIES, Actor
from services.tagging.candidates import Candidate
from services.tagging.lexicon import Reading, english
from services.tagging.sayers import sayer_in

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


def speaker_of(candidate: Candidate, reading: Reading) -> Speaker:
    """The speaker of a claim: who says it, else who does it, else the outlet itself."""
    saying, text = _sayer(candidate), candidate.read.sentence.text
    subject = candidate.roles.subject
    actor = saying or (subject if candidate.verdict.status in reading.own_acts | reading.joint_acts else None)
    role = _role(actor, candidate, text)
    attribution, because = _attribution(candidate, saying, subject, role, text, reading)
    name = (
        (actor.name if actor.kind in {"name", "leader", "legislator", "office holder"} else actor.label)
        if actor
        else None
    )
    return Speaker(name, role, attribution, _chain(candidate), because)


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
    candidate: Candidate,
    saying: Actor | None,
    subject: Actor | None,
    role: SpeakerRole | None,
    text: str,
    reading: Reading,
) -> tuple[Attribution, str]:
    status, roles = candidate.verdict.status, candidate.roles
    if "deny" in candidate.mood.chain:
        return Attribution.denied, "a denial stands over it"
    if REPORTEDLY.search(text) and saying is None:
        return Attribution.claimed, "it is told at second hand"
    own = subject is not None and saying in (None, subject)
    if own and status in reading.own_acts:
        return Attribution.confirmed, "it is the speaker's own act"
    if status in reading.joint_acts and subject is not None:
        together = sum(a.label in roles.parties for a in candidate.read.actors if a.end <= candidate.mood.outer_verb)
        if together > 1 and saying is None:
            return Attribution.confirmed, "both sides do it"
        return (
            (Attribution.claimed, "one side of a joint act")
            if saying
            else (Attribution.unattributed, "the outlet's own words")
        )
    if saying is not None:
        return (
            (Attribution.confirmed, "the imposer says it of its own act")
            if role is SpeakerRole.imposer
            else (Attribution.claimed, "somebody says it")
        )
    return Attribution.unattributed, "the outlet's own words"
