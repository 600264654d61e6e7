"""Candidates: every claim of an article with its verdict, its roles and its place, before it is decided what is news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.tagging.actors import Actor, Named, actors_of
from services.tagging.claims import Claim, claims_of
from services.tagging.dates import date_in
from services.tagging.lexicon import Reading, english
from services.tagging.mood import Mood, mood_of
from services.tagging.roles import Roles, roles_of
from services.tagging.sayers import person_meant, sayer_in
from services.tagging.sentences import Sentence
from services.tagging.verdict import Verdict, verdict_of
from services.tagging.words import Word, words_of


@dataclass(frozen=True)
class Read:
    """One sentence as words with its actors; `voice` is who speaks in a quotation that names no speaker."""

    sentence: Sentence
    words: Sequence[Word]
    actors: Sequence[Actor]
    voice: Actor | None = None


@dataclass(frozen=True)
class Candidate:
    """One claim of one family with all that was read of it."""

    family: str
    read: Read
    claim: Claim
    mood: Mood
    verdict: Verdict
    roles: Roles
    other_sense: bool
    noun_use: bool
    past_words: bool
    now_words: bool
    conditional: bool
    quoted: bool
    old_year: bool
    long_ago: bool
    asked: bool
    days_ago: int


def read_sentence(sentence: Sentence, named: Sequence[Named]) -> Read:
    """A sentence ready for every family."""
    words = words_of(sentence.text)
    inside = [n for n in named if n.entity.field == sentence.field and sentence.start <= n.entity.start < sentence.end]
    return Read(sentence, words, actors_of(words, inside, sentence.start))


def with_voices(reads: Sequence[Read]) -> list[Read]:
    """The sentences with the voice of those that are quoted whole, or told of “him” or “her”: who was last named as speaking, or at all."""
    found: list[Read] = []
    speaker = person = None
    for read in reads:
        sayer = sayer_in(read.words, read.actors, 0, 0)
        whole = read.sentence.text[:1] in {"“", '"', "‘"}
        voice = speaker if whole else person_meant(read.words, read.actors, person)
        found.append(replace(read, voice=voice) if sayer is None else read)
        speaker = sayer or speaker
        person = next((a for a in reversed(read.actors) if a.human), person)
    return found


def candidates_of(
    read: Read, reading: Reading, around: Sequence[Actor], named_before: bool = False, day: date | None = None
) -> list[Candidate]:
    """The candidates of one sentence in one family."""
    clause, claims = claims_of(read.words, reading, read.sentence.field == "headline", named_before)
    return [_candidate(read, reading, claim, mood_of(claim, clause), around, day) for claim in claims]


def _candidate(
    read: Read, reading: Reading, claim: Claim, mood: Mood, around: Sequence[Actor], day: date | None
) -> Candidate:
    text, tongue, year = read.sentence.text, english(), day.year if day else None
    start, end = read.words[claim.first].start, read.words[claim.last - 1].end
    near = text[max(0, start - 60) : end + 60]
    conditional = bool(tongue.conditional.search(text))
    if conditional and not mood.conditional:
        mood.conditional, mood.condition = True, "elsewhere"
    verdict = _in_context(verdict_of(claim, mood, reading), read, reading, claim)
    roles = roles_of(
        claim,
        mood,
        read.words,
        read.actors,
        reading.family.roles,
        around,
        verdict.status,
        verdict.status in reading.of_others or _is_call(verdict, reading),
        year,
    )
    return Candidate(
        family=reading.name,
        read=read,
        claim=claim,
        mood=mood,
        verdict=_together(verdict, roles, read, reading),
        roles=roles,
        other_sense=_covers(reading.other_sense, text, start, end),
        noun_use=_covers(reading.noun_use, text, start, end),
        past_words=bool(tongue.past.search(near)),
        now_words=bool(tongue.now.search(text)),
        conditional=conditional,
        quoted=_quoted(text, start),
        old_year=_old_year(near, year),
        long_ago=verdict.done and bool(LONG_AGO.search(near) or LONG_AGO.match(text)),
        asked=_asked(read),
        days_ago=_days_ago(text, day) if verdict.done else 0,
    )


def _is_call(verdict: Verdict, reading: Reading) -> bool:
    """Whether another speaker makes the status count again: whoever calls for a thing does not do it."""
    status = reading.family.statuses.get(verdict.status)
    return status is not None and "speaker" in status.again_when


def _in_context(verdict: Verdict, read: Read, reading: Reading, claim: Claim) -> Verdict:
    """A status that the words before the thing, or a side that says it, make another one."""
    family = reading.family.tagging
    other, words = family.get("before", {}).get(verdict.status, ("", ()))
    before = _words_before(read, claim)
    if other and before & set(words):
        return replace(verdict, status=other, because=(*verdict.because, "a word of more stands before it"))
    said = family.get("said", {}).get(verdict.status)
    if said and not ADMITTED.search(read.sentence.text) and sayer_in(read.words, read.actors, claim.first, claim.last):
        return replace(verdict, status=said, because=(*verdict.because, "somebody says it of another"))
    if verdict.done and REFUTED.search(read.sentence.text):
        return replace(verdict, polarity="negated", because=(*verdict.because, "the sentence says that it is not so"))
    return _turned(verdict, read, reading)


def _words_before(read: Read, claim: Claim) -> set[str]:
    """The words of the noun phrase before the thing; “New” of a name is none of them."""
    start = claim.thing[0]
    first = max(0, start - 5, claim.cue.end if claim.cue and claim.cue.end <= start else 0)
    pairs = zip(read.words[first:start], read.words[first + 1 : start + 1], strict=True)
    named = read.sentence.field == "text"
    return {word.low for word, after in pairs if not (named and word.text == "New" and after.capital)}


def _turned(verdict: Verdict, read: Read, reading: Reading) -> Verdict:
    """A status that becomes another where the sentence says what it answers."""
    for status, patterns in reading.family.tagging.get("turns", {}).get(verdict.status, {}).items():
        if re.search("|".join(patterns), read.sentence.text, re.IGNORECASE):
            return replace(verdict, status=status, because=(*verdict.because, "it answers another's act"))
    return verdict


def _together(verdict: Verdict, roles: Roles, read: Read, reading: Reading) -> Verdict:
    """A status of one side alone that becomes another where both do it, or somebody tells of it who is no side."""
    other, subject = reading.family.tagging.get("together", {}).get(verdict.status), roles.subject
    if other is None or subject is None or len(roles.parties) < 2 or "unilateral" in read.sentence.text.lower():
        return verdict
    own = [a for a in read.actors if a.end <= subject.end and not read.words[a.end - 1].possessive]
    doing = {a.label for a in own if a.label in roles.parties}
    if len(doing) > 1 or (subject.label not in roles.parties and subject.state not in roles.parties):
        return replace(verdict, status=other, because=(*verdict.because, "both sides do it, or one who is no side"))
    return verdict


def _covers(pattern: re.Pattern[str] | None, text: str, start: int, end: int) -> bool:
    return pattern is not None and any(match.start() < end and match.end() > start for match in pattern.finditer(text))


def _quoted(text: str, start: int) -> bool:
    before = text[:start]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


ADMITTED = re.compile(
    r"\b(?:admit|acknowledg|conced|confess|own(?:s|ed)? up|apologi[sz])\w*|\b(?:its|their|our) own (?:\w+ ){0,2}ha[ds]\b",
    re.IGNORECASE,
)
"""What tells that somebody says it of himself."""
REFUTED = re.compile(
    r"^\W*(?:news|reports?|claims?|rumou?rs?|word)\b.* (?:is|was|were|are|been) (?:\w+ ){0,2}(?:refuted|denied|false|untrue|wrong|fake|baseless)\b",
    re.IGNORECASE,
)
LONG_AGO = re.compile(
    r"\b(?:\w+ (?:years?|decades?|centur(?:y|ies)) (?:ago|earlier|before)|(?:in|of|from) (?:\w+ )?1[89]\d\d|1[89]\d\d (?:armistice|truce)|"
    r"generations? ago|last century|^\W*(?:1[89]\d\d):)",
    re.IGNORECASE,
)
"""What dates a claim so far back that it is no news, whatever the rest says."""


def _days_ago(text: str, day: date | None) -> int:
    """How many days before publication the date beside the claim lies, 0 where none is given."""
    slot = date_in(text, day, ahead=False)
    return (day - date.fromisoformat(slot.iso[:10])).days if slot and day else 0


def _asked(read: Read) -> bool:
    """A question, which asserts nothing; a headline that only ends in one (“…: what next?”) asserts the rest."""
    asks = read.sentence.text.rstrip('”"’ ').endswith("?")
    return asks and (read.sentence.field == "text" or bool(read.words and read.words[0].low in ASKING))


ASKING = frozenset(
    ["has", "have", "is", "are", "was", "were", "will", "would", "did", "does", "do", "can", "could", "should"]
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b(?:19|20)\d\ds\b")


def _old_year(near: str, year: int | None) -> bool:
    """Whether a year before that of publication stands beside the claim."""
    return year is not None and any(int(found[:4]) < year for found in YEAR.findall(near))
