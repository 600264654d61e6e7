"""Deciding: which candidates are current news, and whether an editor of the family is to be told of the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.tagging.candidates import Candidate
from services.tagging.features import OF_TODAY, of_candidate, of_text
from services.tagging.model import Weights, probability

SILENT_GENRES = frozenset({"opinion", "explainer", "sport"})
NEVER_NEWS = frozenset({"archive", "quiz", "forecast", "column"})


@dataclass(frozen=True)
class Decided:
    """A candidate with how likely it is to be current news."""

    candidate: Candidate
    probability: float
    main: bool


@dataclass(frozen=True)
class Decision:
    """One family of one text: whether to tell of it, how sure, and every candidate."""

    alert: bool
    probability: float
    decided: tuple[Decided, ...]
    because: str


def decide(
    candidates: Sequence[Candidate],
    genres: frozenset[str],
    lead: str,
    weights: Weights | None,
    long: bool = False,
) -> Decision:
    """The decision for the candidates of one family; without weights the rules alone decide.

    `long`: the text is longer than those that the weights were learned from, which told at most four claims of their first lines; there
    the rules add the claims that nothing speaks against.
    """
    if not candidates:
        return Decision(False, 0.0, (), "nothing of this family is claimed")
    if veto := _veto(candidates, genres):
        return Decision(False, 0.0, tuple(Decided(c, 0.0, False) for c in candidates), veto)
    scored = [(c, _score(c, genres, weights)) for c in candidates]
    best = max(score for _, score in scored)
    if weights is None:
        told, sure, because = best >= 0.5, best, "the rules alone"
    else:
        sure = probability(weights.alert, of_text([(c, s) for c, s in scored], genres, lead))
        told, because = sure >= weights.alert_from, f"the model gives {sure:.2f}, told from {weights.alert_from}"
        if told and sure < SURE_OF_MENTIONS and all(_only_named(c) for c in candidates):
            told, because = False, "the thing is named, and nothing is said of it"
        elif not told and any(_opens(c, genres) for c in candidates):
            told, because = True, "it opens with a claim that nothing speaks against, whose sides are named"
        elif (
            long
            and not told
            and (_plainly(candidates, genres) >= ENOUGH or any(_buried(c, genres) for c in candidates))
        ):
            told, because = True, "a long text with claims that nothing speaks against"
    least = 0.5 if weights is None else weights.main_from
    decided = tuple(Decided(c, s, told and _is_main(c, s, best, least, long)) for c, s in scored)
    decided = _terms_are_no_news(_said_before_named(decided))
    return Decision(told, sure, decided if long else _likeliest(decided), because)


def _said_before_named(decided: Sequence[Decided]) -> tuple[Decided, ...]:
    """Where something is said of the thing, its mere names are no news of their own."""
    if not any(d.main and not _only_named(d.candidate) for d in decided):
        return tuple(decided)
    return tuple(replace(d, main=d.main and not _only_named(d.candidate)) for d in decided)


def _terms_are_no_news(decided: Sequence[Decided]) -> tuple[Decided, ...]:
    """What stands beside another claim of its sentence only as that claim's terms (“no, unless …”, “as soon as …”), or without a verb of its
    own (“ready to back a …”), is not told beside it.
    """
    firm = {_sentence(d) for d in decided if not _leans(d)}
    return tuple(replace(d, main=d.main and not (_leans(d) and _sentence(d) in firm)) for d in decided)


def _leans(decided: Decided) -> bool:
    return decided.candidate.verdict.reality in TERMS or decided.candidate.claim.side == "bare"


TERMS = frozenset({"conditional", "hypothetical"})


def _sentence(decided: Decided) -> tuple[str, int]:
    sentence = decided.candidate.read.sentence
    return sentence.field, sentence.start


def _likeliest(decided: Sequence[Decided]) -> tuple[Decided, ...]:
    """Of a short text only the likeliest statuses are its news: it seldom tells more."""
    ranked = sorted((d for d in decided if d.main), key=lambda d: -d.probability)
    kept = tuple(dict.fromkeys(d.candidate.verdict.status for d in ranked))[:AT_MOST]
    return tuple(replace(d, main=d.main and d.candidate.verdict.status in kept) for d in decided)


AT_MOST = 2


def _is_main(candidate: Candidate, score: float, best: float, least: float, long: bool) -> bool:
    """Whether a claim of a text that is told of is one of those told."""
    if (_aside(candidate) and score < SURE) or candidate.long_ago or candidate.asked or _if_only(candidate):
        return False
    if long and _stands(candidate):
        return False
    if score >= least or score == best:
        return True
    plain = by_rules(candidate, frozenset()) >= NOTHING_AGAINST and candidate.claim.side != "noun"
    return long and plain and (not candidate.verdict.done or bool(candidate.mood.chain) or score >= least / 2)


def _plainly(candidates: Sequence[Candidate], genres: frozenset[str]) -> int:
    """How many claims of their own verb nothing speaks against."""
    return sum(by_rules(c, genres) >= NOTHING_AGAINST and c.claim.side in {"act", "left", "right"} for c in candidates)


ENOUGH = 2
SURE = 0.75
NOTHING_AGAINST = 0.9
RELATIVES = frozenset({"which", "who", "whom", "whose", "where"})


def _stands(candidate: Candidate) -> bool:
    """How things stand, further down in a long text: done days ago, or done at a time that is not said."""
    early = candidate.read.sentence.field == "headline" or candidate.read.sentence.place <= FIRST
    undated = candidate.mood.perfect and not candidate.now_words
    return not early and candidate.verdict.done and (candidate.days_ago > OF_TODAY or undated)


def _if_only(candidate: Candidate) -> bool:
    """A mention in an if-clause, of which nothing is said."""
    return candidate.mood.condition == "inside" and candidate.claim.side in {"bare", "noun"}


def _aside(candidate: Candidate) -> bool:
    """A done claim in a relative clause of the body: told in passing."""
    in_text = candidate.read.sentence.field == "text"
    return in_text and candidate.verdict.done and candidate.mood.subordinate in RELATIVES


def _only_named(candidate: Candidate) -> bool:
    return candidate.claim.side == "bare" and candidate.claim.word is None and not candidate.mood.chain


def _opens(candidate: Candidate, genres: frozenset[str]) -> bool:
    """A claim of headline or first sentences with its own verb and all its roles, which nothing speaks against."""
    roles, early = candidate.roles, candidate.read.sentence.place < FIRST
    named = len(roles.parties) > 1 or (roles.imposer and roles.target)
    other = any(genre.startswith("sense against=") and genre[-1] not in "01" for genre in genres)
    own = candidate.claim.side in {"act", "left", "right"} and not candidate.other_sense
    return bool(early and named and own and not other and by_rules(candidate, genres) >= NOTHING_AGAINST)


def _buried(candidate: Candidate, genres: frozenset[str]) -> bool:
    """A fresh claim deep in a long text, with its own verb and its sides, which nothing speaks against."""
    roles = candidate.roles
    named = candidate.claim.strong and (len(roles.parties) > 1 or roles.target)
    fresh = candidate.now_words or bool(candidate.mood.chain)
    other = any(genre.startswith("sense against=") and genre[-1] not in "012" for genre in genres)
    own = candidate.claim.side in {"act", "left", "right"} and not candidate.other_sense and not _stands(candidate)
    return bool(named and fresh and own and not other and by_rules(candidate, genres) >= NOTHING_AGAINST)


def _veto(candidates: Sequence[Candidate], genres: frozenset[str]) -> str:
    if genre := min(genres & NEVER_NEWS, default=""):
        return f"the text is of the kind {genre}"
    if "remembrance" in genres and any(c.long_ago or c.old_year for c in candidates):
        return "a text that remembers what was"
    if "sport" in genres and genres & {"sense for=0", "sense for=1"}:
        return "a text of sport"
    if any(c.other_sense and c.read.sentence.field == "headline" for c in candidates) and "sense for=0" in genres:
        return "the headline means another sense, and nothing in the text speaks for this one"
    reasons: dict[str, Callable[[Candidate], bool]] = {
        "every mention is of another sense": lambda c: c.other_sense,
        "it is only what something else depends on": lambda c: c.mood.condition == "inside" and not c.mood.chain,
        "it was long ago": lambda c: c.long_ago,
        "it is only asked": lambda c: c.asked,
    }
    return next((reason for reason, holds in reasons.items() if all(holds(c) for c in candidates)), "")


SURE_OF_MENTIONS = 0.8
"""How sure the model must be of a text that only names the thing."""
FIRST = 2
"""Sentences of the text that open it."""


def _score(candidate: Candidate, genres: frozenset[str], weights: Weights | None) -> float:
    if candidate.other_sense:
        return 0.0
    if weights is None:
        return by_rules(candidate, genres)
    return probability(weights.main, of_candidate(candidate, genres))


def by_rules(candidate: Candidate, genres: frozenset[str]) -> float:
    """How likely a candidate is current news where a family has no weights."""
    claim, mood = candidate.claim, candidate.mood
    against = (
        claim.side == "bare",
        claim.reduced or claim.relative,
        mood.pluperfect and candidate.read.sentence.field == "text",
        candidate.past_words and not candidate.now_words and candidate.verdict.done,
        bool(genres & SILENT_GENRES),
        candidate.noun_use,
        mood.subordinate in {"after", "since", "amid", "despite", "following", "although", "though", *RELATIVES},
        candidate.old_year,
        not claim.strong,
    )
    return 0.9 * 0.5 ** sum(against)


FeatureVector = Mapping[str, float]
