"""Features: what the rules found, as named numbers that a journalist can read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from services.tagging.candidates import Candidate

WORD = re.compile(r"[a-z][a-z'-]{2,}")
OF_TODAY = 2
"""Days after which a date is no longer that of today's news."""
Scored = Sequence[tuple[Candidate, float]]


def of_candidate(candidate: Candidate, genres: frozenset[str]) -> dict[str, float]:
    """What speaks for or against one claim being current news."""
    claim, mood, verdict, sentence = candidate.claim, candidate.mood, candidate.verdict, candidate.read.sentence
    headline = sentence.field == "headline"
    place = "headline" if headline else "first" if sentence.place == 0 else "later"
    cue = " ".join(claim.cue.entry.words) if claim.cue else ""
    names = [
        f"status={verdict.status}",
        f"reality={verdict.reality}",
        f"polarity={verdict.polarity}",
        f"side={claim.side}",
        f"side={claim.side}&place={place}",
        f"place={place}",
        f"head={claim.head}",
        f"form={mood.form}",
        f"form={mood.form}&headline={headline}",
        f"modal={mood.modal}",
        f"subordinate={mood.subordinate}",
        f"governor={mood.chain[0] if mood.chain else ''}",
        f"strong={claim.strong}",
        f"cue={cue}",
        *(f"genre={genre}" for genre in genres),
        *(f"governor={governor}" for governor in mood.chain[1:]),
    ]
    flags = {
        "relative": claim.relative,
        "reduced": claim.reduced,
        "passive": claim.passive,
        "pluperfect": mood.pluperfect,
        "perfect": mood.perfect,
        "infinitive": mood.infinitive,
        "negated": mood.negated,
        "conditional inside": mood.condition == "inside",
        "conditional elsewhere": mood.condition == "elsewhere",
        "past words": candidate.past_words,
        "now words": candidate.now_words,
        "quoted": candidate.quoted,
        "noun use": candidate.noun_use,
        "roles": bool(candidate.roles.parties or candidate.roles.target),
        "imposer": bool(candidate.roles.imposer),
        "subject": candidate.roles.subject is not None,
        "question": sentence.text.rstrip().endswith("?"),
        "old year": candidate.old_year,
        "days ago": candidate.days_ago > OF_TODAY,
        "year": bool(re.search(r"\b(?:19|20)\d\d\b", sentence.text)),
        "long sentence": len(candidate.read.words) > 40,
    }
    return dict.fromkeys(names, 1.0) | {name: 1.0 for name, on in flags.items() if on}


def of_text(scored: Scored, genres: frozenset[str], lead: str) -> dict[str, float]:
    """What speaks for or against telling an editor of this text: its claims, the best of them, its genre and its words."""
    scores = sorted((score for _, score in scored), reverse=True)
    places = [c.read.sentence.place for c, _ in scored if c.read.sentence.field == "text"]
    in_headline = [score for c, score in scored if c.read.sentence.field == "headline"]
    found = {
        "best": scores[0],
        "second": scores[1] if len(scores) > 1 else 0.0,
        "none left": _none_of(scores),
        "best in headline": max(in_headline, default=0.0),
        "mentions": min(len(scored), 8) / 8,
        "headline": float(bool(in_headline)),
        "first mention late": float(bool(places) and min(places) > 5 and not in_headline),
        "other sense": float(any(c.other_sense for c, _ in scored)),
    }
    top = max(scored, key=lambda pair: pair[1])[0]
    best = {f"top {name}": value for name, value in of_candidate(top, genres).items() if not name.startswith("cue=")}
    return found | best | {f"genre={genre}": 1.0 for genre in genres} | words_in(lead)


def _none_of(scores: Sequence[float]) -> float:
    left = 1.0
    for score in scores:
        left *= 1 - score
    return left


def words_in(text: str) -> dict[str, float]:
    """The words and pairs of words around the claims, each once, the sum of squares 1."""
    words = WORD.findall(text.lower())
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(words)]
    names = {f"word={word}" for word in (*words, *pairs)}
    return dict.fromkeys(sorted(names), len(names) ** -0.5) if names else {}
