"""Tagging: who, where, and what is said to have happened, of one article. Pure: the same article gives the same answer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from schemas.assertions import Assertion, Why
from schemas.entities import Entity
from services.tagging.actors import Actor, Named
from services.tagging.assertions import assertion_of
from services.tagging.candidates import Candidate, Read, candidates_of, read_sentence, with_voices
from services.tagging.dates import published_on
from services.tagging.deciding import Decided, Decision, decide
from services.tagging.entities.mentions import entities_of
from services.tagging.gate import words_of_gate
from services.tagging.genre import genre_of, senses_of
from services.tagging.language import unread_language
from services.tagging.lexicon import Reading, readings
from services.tagging.model import Weights, weights_in
from services.tagging.roles import completed, lead_of_states
from services.tagging.sentences import Sentence, sentences_of
from services.tagging.speakers import speaking_in

AROUND = 30
"""How many first sentences say whom a text is about."""
LEARNED = 1_200
"""Characters of all but the longest texts that the weights were learned from: those tell few claims."""
LONGEST = 60_000
"""Characters of a text that are read; what stands behind them is no news of it."""


@dataclass(frozen=True)
class Story:
    """What tagging must know of an article. `date` is ISO 8601, the time that "yesterday" is counted from, None if unknown."""

    version: UUID
    headline: str
    text: str
    date: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Tagged:
    """What was found. `gate` is the first word of each family that let it through; `unread` why it was not read, if so."""

    entities: tuple[Entity, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    alert: Mapping[str, bool] = field(default_factory=dict)
    gate: Mapping[str, str] = field(default_factory=dict)
    why: tuple[tuple[Why, ...], ...] = ()
    unread: str | None = None
    entities_sought: bool = True


def tag(
    story: Story,
    weights: Mapping[str, Weights] | None = None,
    families: Mapping[str, Reading] | None = None,
    always_entities: bool = False,
) -> Tagged:
    """Entities and assertions of a story. Behind the gate nothing is sought, except entities where `always_entities`."""
    known = readings() if families is None else families
    if reason := unread_language(story.language, story.headline, story.text):
        return Tagged(alert=dict.fromkeys(known, False), unread=reason, entities_sought=False)
    text = story.text[:LONGEST]
    gate = words_of_gate(story.headline, text, known)
    if not gate and not always_entities:
        return Tagged(alert=dict.fromkeys(known, False), entities_sought=False)
    named = entities_of(story.headline, text)
    if not gate:
        return Tagged(tuple(one.entity for one in named), alert=dict.fromkeys(known, False))
    return _read(story, text, named, gate, known, weights_in() if weights is None else weights)


def _read(
    story: Story,
    text: str,
    named: Sequence[Named],
    gate: Mapping[str, str],
    known: Mapping[str, Reading],
    weights: Mapping[str, Weights],
) -> Tagged:
    reads = reads_of(story.headline, text, named)
    around = [actor for read in reads[:AROUND] for actor in read.actors]
    speaking = speaking_in(reads)
    genres = genre_of(story.headline, text)
    decisions = {}
    for name in gate:
        marks = genres | senses_of(known[name], story.headline, text)
        candidates = found_in(reads, around, known[name], published_on(story.date))
        decisions[name] = decide(candidates, marks, lead_of(candidates), weights.get(name), len(text) > LEARNED)
    made = [
        assertion_of(decided, known[name], story.version, place, story.date, decisions[name], around, speaking)
        for place, (name, decided) in enumerate(
            (name, decided) for name, decision in decisions.items() for decided in _told(decision)
        )
    ]
    return Tagged(
        entities=tuple(one.entity for one in named),
        assertions=tuple(assertion for assertion, _ in made),
        alert=dict.fromkeys(known, False) | {name: decision.alert for name, decision in decisions.items()},
        gate=gate,
        why=tuple(why for _, why in made),
    )


def reads_of(headline: str, text: str, named: Sequence[Named]) -> list[Read]:
    """Headline and text as sentences with their actors."""
    fields = {kind: [n for n in named if n.entity.field == kind] for kind in ("headline", "text")}
    reads = [_read_one(s, fields[s.field]) for s in (*sentences_of(headline, "headline"), *sentences_of(text, "text"))]
    return with_voices(reads)


def _read_one(sentence: Sentence, named: Sequence[Named]) -> Read:
    first, last = (bisect_left(named, place, key=lambda n: n.entity.start) for place in (sentence.start, sentence.end))
    return read_sentence(sentence, named[first:last])


def found_in(
    reads: Sequence[Read], around: Sequence[Actor], reading: Reading, day: date | None = None
) -> list[Candidate]:
    """Every candidate of one family, in the order of the text, which was published on `day`.

    For two sentences after the thing was named, “the deal” is it.
    """
    found: list[Candidate] = []
    named = -9
    for place, read in enumerate(reads):
        here = candidates_of(read, reading, around, place - named <= MEMORY, day)
        if any(candidate.claim.strong for candidate in here):
            named = place
        found.extend(candidate for candidate in here if candidate.verdict.status in reading.family.statuses)
    if "imposer" not in reading.family.roles:
        return found
    lead = lead_of_states([(r.sentence.field == "headline", r.words, r.actors) for r in reads[:AROUND]])
    roles = completed([candidate.roles for candidate in found], lead)
    return [replace(candidate, roles=whole) for candidate, whole in zip(found, roles, strict=True)]


MEMORY = 2
"""Sentences for which the thing stays named."""


def lead_of(candidates: Sequence[Candidate]) -> str:
    """The sentences of the first candidates, each once: the words that the alert model reads."""
    return "\n".join(dict.fromkeys(candidate.read.sentence.text for candidate in candidates[:6]))


def _told(decision: Decision) -> list[Decided]:
    """The candidates worth an assertion: one for each thing said, the likeliest; bare mentions only where they are news."""
    best: dict[tuple[object, ...], Decided] = {}
    for decided in sorted(decision.decided, key=lambda d: -d.probability):
        candidate = decided.candidate
        if candidate.other_sense or (candidate.claim.side == "bare" and not decided.main):
            continue
        verdict = candidate.verdict
        key = (verdict.status, verdict.reality, verdict.polarity, candidate.roles.target, decided.main)
        best.setdefault(key, decided)
    return sorted(
        best.values(), key=lambda d: (d.candidate.read.sentence.field != "headline", d.candidate.read.sentence.start)
    )
