"""Mood: how an act stands in its clause: done, planned, wished, threatened, denied, past, or only if."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.tagging.claims import Claim, Clause, plausible
from services.tagging.lemmas import lemma_of
from services.tagging.lexicon import Cue, English, english
from services.tagging.matching import STOPS, cues_of
from services.tagging.words import Word

REACH = 14
SKIPPED = frozenset(
    [
        "also",
        "yet",
        "now",
        "still",
        "already",
        "again",
        "once",
        "more",
        "further",
        "formally",
        "officially",
        "finally",
        "immediately",
        "jointly",
    ]
)


@dataclass
class Mood:
    """What stands over a claim. `chain` holds governors from the act outward; the rest are facts of grammar."""

    chain: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    negated: bool = False
    modal: str = ""
    conditional: bool = False
    condition: str = ""
    pluperfect: bool = False
    perfect: bool = False
    subordinate: str = ""
    form: str = ""
    outer_verb: int = 0
    question: bool = False
    infinitive: bool = False
    purpose: bool = False
    ahead: bool = False
    or_else: bool = False
    because: list[str] = field(default_factory=list)


def mood_of(claim: Claim, clause: Clause) -> Mood:
    """What governs this claim, from its verb outward."""
    tongue, words = english(), clause.words
    governors = cues_of(words, tongue.governors)
    mood = Mood(form=claim.cue.form if claim.cue else "noun", outer_verb=claim.verb)
    place, form = _start(claim, words, mood)
    for _ in range(4):
        place = _auxiliaries(mood, words, place, form, claim, tongue)
        governor = _governor(mood, words, governors, place, form, tongue, claim)
        if governor is None:
            break
        denied = governor.value in REFUSING and mood.chain[-1:] == ["report"]
        mood.chain.append("deny" if denied else governor.value)
        mood.spans.append((governor.start, governor.end))
        mood.because.append(f"“{' '.join(w.text for w in words[governor.start : governor.end])}” over it")
        mood.outer_verb, form, place = governor.start, governor.form, governor.start
        mood.form = form
    if _commands(mood, words, place, claim):
        mood.chain.append("call")
        mood.because.append("a command, or “let”")
    _surroundings(mood, words, claim, tongue)
    mood.infinitive = (mood.form == "base" and bool(place) and words[place - 1].low == "to") or (
        mood.form == "part" and _to_be(words, place)
    )
    if mood.infinitive and not mood.chain:
        _purpose(mood, words, place)
    mood.or_else = _or_else(words, claim)
    mood.ahead = claim.side == "right" and _ahead(mood, words, claim)
    return mood


def _start(claim: Claim, words: Sequence[Word], mood: Mood) -> tuple[int, str]:
    """Where what governs a claim is looked for: at its verb, or for a mention at an infinitive that it is the object of."""
    if claim.side == "bare":
        for place in range(claim.verb - 1, max(0, claim.verb - 5), -1):
            low = words[place].low
            if words[place - 1].low == "to" and low.isalpha() and low not in english().words["determiners"]:
                return place, "base"
            if low in STOPS or low in english().words["hard_breaks"] or low == ",":
                break
    return claim.verb, mood.form


def _or_else(words: Sequence[Word], claim: Claim) -> bool:
    """“… unless”, “… or the truce would be void”: what follows from not doing as told."""
    lows = [word.low for word in words]
    if "unless" in lows and not (lows.index("unless") < claim.first and "," not in lows[: claim.first]):
        return True
    before = lows[max(0, claim.first - 6) : claim.first]
    return "or" in before and any(low in {"until", "demand", "demanded", "gave", "must"} for low in lows[: claim.first])


def _purpose(mood: Mood, words: Sequence[Word], place: int) -> None:
    """An infinitive after another verb that is done, or to come: “met to discuss a truce”, “will meet to discuss”."""
    if place > 1 and words[place - 2].low in english().words["be"]:
        return
    for left in range(place - 2, max(-1, place - 2 - REACH), -1):
        low = words[left].low
        if low in STOPS or low in english().words["hard_breaks"]:
            return
        if mood_word := english().modals.get(low):
            mood.modal, mood.infinitive = mood_word, False
            mood.because.append(f"“{words[left].text}” before it")
            return
        if is_finite(low) or low in english().words["have_present"] or (low.endswith("s") and lemma_of(low) != low):
            mood.purpose = not _modal_before(words, left)
            if not mood.purpose:
                mood.modal = "will"
            return


def _modal_before(words: Sequence[Word], place: int) -> bool:
    return any(word.low in english().modals for word in words[max(0, place - 3) : place])


def is_finite(low: str) -> bool:
    """Whether a word is likely a verb in the past: so it stands between a word and what would be its complement."""
    return low in english().words["finite"] or (len(low) > 4 and low.endswith("ed"))


TO_COME = re.compile(
    r"\b(?:(?:on|from|next|this coming|at \w+ on|by) (?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|next (?:week|month|year)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|at (?:midnight|noon|dawn|sunset|sunrise)|in (?:a few|two|three|ten|\d+) (?:hours|days))\b"
)


def _ahead(mood: Mood, words: Sequence[Word], claim: Claim) -> bool:
    """The present with a time to come: “the truce ends on Friday”."""
    if mood.form not in {"s", "base"} or mood.chain or mood.modal or claim.cue is None:
        return False
    if lemma_of(claim.cue.entry.words[0]) not in english().words["beginning_or_ending"]:
        return False
    after = " ".join(word.low for word in words[claim.cue.end : claim.cue.end + 7])
    return bool(TO_COME.search(after))


def _commands(mood: Mood, words: Sequence[Word], place: int, claim: Claim) -> bool:
    """“Stop the war now”, “let the guns fall silent”: a base form with nobody before it, in quotation marks."""
    if mood.chain or mood.form != "base" or mood.modal:
        return False
    before = [word.low for word in words[max(0, place - 12) : place]]
    every = [word.low for word in words[:place]]
    quoted = any(mark in every for mark in ("“", '"', "‘"))
    opening = [
        n
        for n, low in enumerate(every)
        if low == "let" and (not n or not every[n - 1].isalpha() or every[n - 1] == "and")
    ]
    if opening and ("let" in before[-5:] or quoted):
        return True
    return (
        quoted and "to" not in before[-1:] and (not before or before[-1] in {"“", '"', "‘", ",", "and", ":", ";", "."})
    )


def _to_be(words: Sequence[Word], place: int) -> bool:
    """“to be lifted”, and in headlines “to lift”, with the helping words read already."""
    return words[place].low in {"be", "being"} and bool(place) and words[place - 1].low == "to"


def _auxiliaries(mood: Mood, words: Sequence[Word], place: int, form: str, claim: Claim, tongue: English) -> int:
    """Read the helping words before a verb, inward out; give the place of the first of them."""
    first = _helping_from(words, place, tongue)
    if claim.side == "right" and place == claim.verb:
        first = max(first, claim.thing[1]) if first < claim.thing[1] <= place else first
    lows = [word.low for word in words[first:place]]
    joined = " ".join(lows)
    if place == claim.verb and any(word.low == "neither" for word in words[:first]):
        lows.append("neither")
    refrained = first > 1 and words[first - 1].low == "to" and words[first - 2].low in tongue.words["negators"]
    if refrained or _negates(lows, joined, words, first, tongue):
        mood.negated = not mood.negated
        mood.because.append(f"“{joined}” negates")
    for low in lows:
        if low in tongue.modals and not mood.modal:
            mood.modal = tongue.modals[low]
            mood.because.append(f"“{low}” before it")
        mood.pluperfect |= low in tongue.words["have_past"]
        mood.perfect |= low in tongue.words["have_present"]
    return first


def _helping_from(words: Sequence[Word], place: int, tongue: English) -> int:
    helping = tongue.words["be"] | tongue.words["have_present"] | tongue.words["have_past"] | tongue.words["negators"]
    first = place
    while first and place - first < 7:
        low = words[first - 1].low
        if not (
            low in helping
            or low in tongue.modals
            or low in SKIPPED
            or low.endswith("ly")
            or low in DO
            or low in NOT_ONLY
        ):
            break
        first -= 1
    return first


DO = frozenset({"do", "does", "did"})
NOT_ONLY = frozenset({"only", "just", "merely", "simply"})


def _negates(lows: Sequence[str], joined: str, words: Sequence[Word], first: int, tongue: English) -> bool:
    if any(phrase in joined for phrase in tongue.words["not_negating"]):
        return False
    before = words[first - 1].low if first else ""
    return any(low in tongue.words["negators"] or low.endswith("n't") for low in lows) or before in {"nor", "neither"}


def _governor(
    mood: Mood,
    words: Sequence[Word],
    governors: dict[int, list[Cue]],
    place: int,
    form: str,
    tongue: English,
    claim: Claim,
) -> Cue | None:
    """The verb or noun that takes this one as its complement, if any stands to the left in reach."""
    that = False
    for left in range(place - 1, max(-1, place - 1 - REACH), -1):
        low = words[left].low
        if low in STOPS or (low == "," and place - left < 2):
            return None
        if low == "that" or (low == "which" and words[left - 1].low in {"under", "by"}):
            that = True
        elif low in tongue.words["hard_breaks"] and low not in {"over", "under", "even", "as", "so"}:
            return None
        for cue in sorted(governors.get(left, ()), key=lambda cue: cue.value != "report" or not _told_of(words, left)):
            inside = claim.side == "right" and claim.thing[0] <= cue.start < claim.thing[1]
            if (
                cue.end <= place
                and not inside
                and plausible(words, cue)
                and _takes(words, cue, place, form, that, claim)
            ):
                return cue
    return None


DESCRIBED = frozenset({"propose", "agree", "threaten", "report"})
"""Nouns that a clause describes: “a bill that would penalise …”, “an offer under which both would cease fire”."""


def _told_of(words: Sequence[Word], place: int) -> bool:
    """Whether a word like “claims” is a noun here: it is another verb's object, or has an article."""
    before = words[place - 1].low if place else ""
    return (
        before in english().words["determiners"] or lemma_of(before) != before or is_finite(before) or before == "off"
    )


CLAUSAL = frozenset({"threaten", "deny", "accuse", "pledge", "hope", "plan", "propose", "agree"})


def _takes(words: Sequence[Word], cue: Cue, place: int, form: str, that: bool, claim: Claim) -> bool:
    """Whether a governor's complement begins at `place`: an infinitive, a gerund, a noun phrase, or a that-clause."""
    between = [word.low for word in words[cue.end : place]]
    if "and" in between and "to" not in between[between.index("and") :] and form in {"past", "s"}:
        return False
    if cue.kind == "noun" and that and cue.value in DESCRIBED:
        return True
    if form == "base":
        if "to" in between:
            return not any(is_finite(low) or low in english().modals for low in between[: between.index("to")])
        return cue.entry.words[-1] == "to" or (not between and cue.kind == "governor")
    if (
        claim.side == "bare"
        and place == claim.verb
        and len(between) > (8 if {"of", "with", "against"} & set(between[-3:]) else 5 if _leads(cue, between) else 3)
    ):
        return False
    if form in {"ing", "noun"}:
        return _near(between, cue) and (form == "noun" or not between or between[-1] in INTO or len(between) < 4)
    if form == "part" and ("be" in between or "being" in between or _ends_to_be(words, place)):
        return True
    if form == "part" and between and between[-1] == "to":
        return True
    return that and cue.value in CLAUSAL and cue.kind == "governor"


def _leads(cue: Cue, between: Sequence[str]) -> bool:
    return cue.entry.words[-1] in INTO or between[:1] in (["of"], ["for"])


REFUSING = frozenset({"refuse", "oppose", "block"})
"""Who refuses a claim denies it."""
INTO = frozenset(
    {
        "of",
        "for",
        "on",
        "by",
        "from",
        "in",
        "to",
        "against",
        "with",
        "about",
        "at",
        "over",
        "and",
        "into",
        "toward",
        "towards",
    }
)


def _near(between: Sequence[str], cue: Cue) -> bool:
    return len(between) <= 8 and "," not in between[-1:]


def _ends_to_be(words: Sequence[Word], place: int) -> bool:
    return place >= 1 and words[place - 1].low == "to"


def _surroundings(mood: Mood, words: Sequence[Word], claim: Claim, tongue: English) -> None:
    """Subordination and conditions around the clause."""
    for left in range(mood.outer_verb - 1, max(-1, mood.outer_verb - 16), -1):
        low = words[left].low
        if low in STOPS:
            break
        forever = [word.low for word in words[left + 1 : left + 4]] == ["and", "for", "all"]
        if (low == "once" and not forever) or (
            low == "as" and [word.low for word in words[max(0, left - 2) : left]] == ["as", "soon"]
        ):
            mood.conditional, mood.condition, mood.subordinate = True, "inside", "once"
            mood.because.append("it stands after “once”, or “as soon as”")
            break
        if low in {"if", "unless", "should", "provided", "whether"} and not (low == "should" and left):
            apart = any(word.low == "," for word in words[left : mood.outer_verb])
            mood.conditional, mood.condition = low != "whether", "elsewhere" if apart else "inside"
            if apart:
                break
            mood.subordinate = mood.subordinate or low
            mood.because.append(f"it stands after “{words[left].text}”")
            break
        if low in tongue.words["subordinators"] and not mood.subordinate:
            mood.subordinate = low
            break
    if not mood.subordinate and claim.side in {"bare", "noun"}:
        _noun_before(mood, words, claim, tongue)
    elif claim.side in {"left", "right"} and _none_of_it(words, claim):
        mood.negated = not mood.negated
        mood.because.append("“no” before it")


def _none_of_it(words: Sequence[Word], claim: Claim) -> bool:
    """“No truce was signed”, “they signed no truce”."""
    first = max(claim.thing[0] - 4, claim.cue.end if claim.cue and claim.side == "left" else 0)
    return any(word.low in {"no", "neither"} for word in words[first : claim.thing[0]])


def _noun_before(mood: Mood, words: Sequence[Word], claim: Claim, tongue: English) -> None:
    for left in range(claim.first - 1, max(-1, claim.first - 5), -1):
        low = words[left].low
        if low in tongue.words["negators"]:
            mood.negated = True
            mood.because.append(f"“{words[left].text}” before it")
            return
