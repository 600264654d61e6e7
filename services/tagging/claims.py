"""Claims: in each clause, which act is said of the family's thing, and how it is tied to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.tagging.lemmas import known_verbs, lemma_of
from services.tagging.lexicon import Cue, Entry, Reading, english
from services.tagging.matching import STOPS, acts_of, cues_of
from services.tagging.states import is_state
from services.tagging.things import Thing, things_of
from services.tagging.words import Word

REACH_LEFT = 10
REACH_RIGHT = 12
OPEN_LEFT = frozenset({"over", "under", "as", "without", "so", "even"})
"""Words that end a clause elsewhere, but may stand between a verb and its object."""
ASIDE = frozenset({"against", "over", "under", "despite", "amid", "with", "by", "from", "about", "because"})
"""Prepositions after which a noun is not the verb's object, unless they are part of it."""
NOTHING = "nothing"
"""The value of nouns that make a name of the thing."""
HAVE = frozenset({"has", "have", "had"})
COMPLETING = frozenset({"of", "to", "on", "in", "from", "for", "against"})
JOINING = frozenset({"and", "or", "nor", "but", "also"})
TRANSITIVE_ENDS = frozenset({"to", "with", "on", "for", "from", "by", "of", "under"})
MODAL_BEFORE_BASE = frozenset({"to", "will", "would", "could", "may", "might", "should", "must", "can"})


@dataclass
class Claim:
    """One reading of one mention, before its mood is known. Offsets are words of the sentence.

    `thing` is the topic with its head noun; `cue` the act said of it, None where a noun alone stands; `side` where the cue stands;
    `word` the word of the sentence that told the status of a mere mention.
    """

    thing: tuple[int, int]
    cue: Cue | None
    base: str
    side: str
    strong: bool
    relative: bool = False
    reduced: bool = False
    passive: bool = False
    alternatives: tuple[str, ...] = ()
    head: str = ""
    word: str | None = None
    because: list[str] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The first word of thing and cue together."""
        return min(self.thing[0], self.cue.start) if self.cue else self.thing[0]

    @property
    def last(self) -> int:
        """The word after the last of thing and cue together."""
        return max(self.thing[1], self.cue.end) if self.cue else self.thing[1]

    @property
    def verb(self) -> int:
        """The word at which what governs the claim is looked for."""
        return self.cue.start if self.cue else self.thing[0]


@dataclass(frozen=True)
class Clause:
    """A sentence ready to be read for one family."""

    words: Sequence[Word]
    cues: dict[int, list[Cue]]
    headline: bool


def claims_of(
    words: Sequence[Word], reading: Reading, headline: bool, named_before: bool = False
) -> tuple[Clause, list[Claim]]:
    """The claims of one sentence in one family, in the order of the text.

    `named_before`: the thing was named shortly before, so that words that only stand for it count too.
    """
    clause = Clause(words, cues_of(words, reading.index), headline)
    found = [*_acts(words, reading), *_verbs(clause, reading)]
    taken = {place for claim in found for place in range(*claim.thing)}
    for thing in things_of(words, clause.cues, taken, named_before, headline):
        found.extend(_of_thing(clause, reading, thing))
    return clause, sorted(_distinct(found), key=lambda claim: claim.first)


def _acts(words: Sequence[Word], reading: Reading) -> Iterator[Claim]:
    for cue in filter(lambda cue: plausible(words, cue), acts_of(words, reading)):
        yield Claim(
            (cue.start, cue.end), cue, cue.value, "act", strong=True, because=[_said(words, cue, "an act of its own")]
        )


def _verbs(clause: Clause, reading: Reading) -> Iterator[Claim]:
    """The thing's own verb ("sanctions twelve firms"): told from the noun by what follows."""
    for place, word in enumerate(clause.words):
        form = reading.verb_forms.get(word.low)
        if form and _is_verb(clause, place, form):
            entry = Cue(Entry((word.low,), "act", reading.default, form), place, place + 1)
            reason = f"“{word.text}” is a verb here"
            yield Claim((place, place + 1), entry, reading.default, "act", strong=True, because=[reason])


def _is_verb(clause: Clause, place: int, form: str) -> bool:
    words, tongue = clause.words, english().words
    before = words[place - 1].low if place else ""
    after = words[place + 1] if place + 1 < len(words) else None
    if form in {"past", "part"}:
        adjective = before in tongue["determiners"] or (after is not None and place == 0 and not after.capital)
        return not adjective and (before not in {"", "of", "with", "against", "for", "on"} or before in tongue["be"])
    if after is None:
        return False
    if form == "ing":
        return after.capital or before in {"for", "of", "by", "considering", "against"}
    if form == "base":
        return before in MODAL_BEFORE_BASE
    object_follows = _is_object(clause, place + 1) or after.low[:1].isdigit() or after.low in tongue["verb_objects"]
    return object_follows and place > 0 and words[place - 1].capital and not _verb_follows(clause, place)


def _is_object(clause: Clause, place: int) -> bool:
    """A capital that is an object: in a headline of capitals only a nationality is sure to be one."""
    after, tongue = clause.words[place], english().words
    if not after.capital or after.low in tongue["participle_links"] or after.low in tongue["determiners"]:
        return False
    if not clause.headline or sum(word.capital for word in clause.words) * 2 < len(clause.words):
        return True
    return is_state(clause.words, place)


def _verb_follows(clause: Clause, place: int) -> bool:
    after = clause.words[place + 1 : place + 5]
    return any(word.low in english().words["be"] or word.low in english().modals for word in after)


def _of_thing(clause: Clause, reading: Reading, thing: Thing) -> Iterator[Claim]:
    start, end, strong, head = thing
    left, right = [*_around(clause, reading, start, end)] or _left(clause, start), list(_right(clause, end))
    if left:
        right = [(cue, extra) for cue, extra in right if not extra.get("reduced")]
    if head == NOTHING:
        head = ""
        if not left and not right:
            return
    if right and left and left[0].kind == "head" and not head:
        start, head, left = left[0].start, left[0].value, []
    kinds = {cue.kind for cue in clause.cues.get(start, ())}
    if not left and not right and not kinds & {"topic", "weak", "of_state"}:
        return
    for cue, extra in [*((cue, {}) for cue in left), *right]:
        base, others = _base(cue, clause)
        side, because = "left" if cue.start < start else "right", [_said(clause.words, cue, "said of it")]
        claim = Claim((start, end), cue, base, side, strong, alternatives=others, head=head, because=because)
        claim.relative, claim.reduced, claim.passive = (
            bool(extra.get(name)) for name in ("relative", "reduced", "passive")
        )
        yield claim
    if left or right or _named_alone(clause, start, head):
        return
    if head:
        yield Claim((start, end), None, head, "noun", strong, head=head, because=["the noun beside it alone"])
    else:
        base, said = _existing(clause, reading, start) or _mentioned(clause, reading)
        because = [f"a mention alone, with “{said}”" if said else "a mention alone"]
        yield Claim((start, end), None, base, "bare", strong, word=said, because=because)


def _named_alone(clause: Clause, start: int, head: str) -> bool:
    """A force or mission of which nothing is said."""
    return head == "monitored" and any(cue.kind == "weak" and cue.value for cue in clause.cues.get(start, ()))


def _existing(clause: Clause, reading: Reading, start: int) -> tuple[str, str] | None:
    """The status of what is said to be there or in sight: “there is at last a truce”, “no truce in sight”."""
    status = reading.family.tagging.get("there")
    before = [word.low for word in clause.words[max(0, start - 6) : start]]
    after = [word.low for word in clause.words[start + 1 : start + 7]]
    if status and ("there" in before and english().words["be"] & set(before[before.index("there") :])):
        return status, "there is"
    return (status, "in sight") if status and "sight" in after and "in" in after else None


def _mentioned(clause: Clause, reading: Reading) -> tuple[str, str | None]:
    """The status of a bare mention by the words around it, and the first of those words."""
    text = " ".join(word.low for word in clause.words)
    for status, pattern in reading.mentions:
        if match := pattern.search(text):
            return status, match[0] if len(match[0]) > 1 else None
    return reading.default, None


def _base(cue: Cue, clause: Clause) -> tuple[str, tuple[str, ...]]:
    every = [c.value for c in clause.cues.get(cue.start, ()) if c.kind == cue.kind and c.end == cue.end]
    statuses = tuple(dict.fromkeys(every if cue.value in every else (cue.value,)))
    return statuses[0], statuses[1:]


def _left(clause: Clause, start: int) -> list[Cue]:
    """The verbs whose object the thing is, or the noun that it completes (“the lifting of …”)."""
    for place in range(start - 1, max(-1, start - 1 - REACH_LEFT), -1):
        if _stops(clause.words[place]) or (_breaks(clause, place) and clause.words[place].low not in OPEN_LEFT):
            return []
        if clause.words[place].low == "," and start - place > 3:
            return []
        found = [c for c in clause.cues.get(place, ()) if c.end <= start]
        for kind in ("base", "head"):
            for cue in found:
                fits = cue.kind == kind and (kind == "base" or _completes(clause, cue, start))
                if (
                    fits
                    and _takes_object(clause, cue)
                    and (_is_object_of(clause, cue, start) if kind == "base" else cue.value != NOTHING)
                ):
                    return [cue, *_joined(clause, cue)]
    return []


def _around(clause: Clause, reading: Reading, start: int, end: int) -> Iterator[Cue]:
    """A verb before the thing whose other half stands behind it: “turned the truce down”, “put its ban on … on hold”."""
    for place in range(start - 1, max(-1, start - 5), -1):
        if _stops(clause.words[place]) or clause.words[place].low == ",":
            return
        for entry in reading.around.get(clause.words[place].low, ()):
            for then in range(end, min(len(clause.words), end + 8)):
                if _stops(clause.words[then]) or _breaks(clause, then):
                    break
                if tuple(word.low for word in clause.words[then : then + len(entry.words) - 1]) == entry.words[1:]:
                    yield Cue(entry, place, place + 1)
                    return


def _joined(clause: Clause, cue: Cue) -> list[Cue]:
    """The verb joined to this one, which has the same object: “neither prolonged nor stiffened its …”."""
    place = cue.start - 1
    while place > 0 and clause.words[place].low in JOINING:
        place -= 1
    if place == cue.start - 1:
        return []
    twins = [c for c in clause.cues.get(place, ()) if c.kind == "base" and c.end == place + 1]
    same = [c for c in twins if c.form in {cue.form, "past", "part"} and cue.form != "base"]
    return same[:1]


def _is_object_of(clause: Clause, cue: Cue, start: int) -> bool:
    """Whether the thing is this verb's own object: no other verb stands between, and the verb is no adjective of the thing."""
    between = [word.low for word in clause.words[cue.end : start]]
    if ASIDE & set(between) and cue.entry.words[-1] not in ASIDE:
        return False
    if "that" in between[:-1] or (
        "to" in between and cue.entry.words[-1] not in TRANSITIVE_ENDS and _infinitive(between)
    ):
        return False
    if between or cue.form not in {"past", "part"} or not cue.start:
        return True
    before = clause.words[cue.start - 1].low
    adjective = (
        before in english().words["determiners"] or before in COMPLETING or before in {"by", "with", "about", "over"}
    )
    return not adjective and (
        before in english().words["be"] or before in HAVE or lemma_of(before) not in known_verbs()
    )


def _infinitive(between: Sequence[str]) -> bool:
    """Whether a verb in the infinitive stands there: “calls on both to confirm a truce”, not “agreed to a truce”."""
    after = between[between.index("to") + 1 :]
    return bool(after) and after[0] not in english().words["determiners"]


def _completes(clause: Clause, cue: Cue, start: int) -> bool:
    return any(word.low in COMPLETING for word in clause.words[cue.end : start])


def plausible(words: Sequence[Word], cue: Cue) -> bool:
    """Whether a base form can be a verb where it stands: “to support”, “they support”, but not “weaken support for”."""
    if cue.form not in {"base", "s"} or cue.start == 0:
        return True
    if cue.end < len(words) and words[cue.end].low == "of" and cue.kind == "base":
        return False
    before = words[cue.start - 1]
    tongue = english()
    if before.low in tongue.words["determiners"] or before.possessive:
        return before.possessive and cue.form == "s" and cue.kind != "act"
    if cue.form == "s":
        return True
    helping = before.low in HELPING or before.low in tongue.modals or before.low.endswith("n't")
    given = before.capital and cue.start > 1 and lemma_of(words[cue.start - 2].low) != words[cue.start - 2].low
    subject = (before.capital and not given) or before.low.endswith("s") or before.low in PLURAL
    return helping or subject or before.low.endswith("ly") or not before.low[:1].isalnum()


HELPING = frozenset({"to", "not", "and", "or", "let", ",", "help", "do", "did"})
PLURAL = frozenset({"we", "they", "i", "you", "who", "people", "both", "jointly", "men"})


def _takes_object(clause: Clause, cue: Cue) -> bool:
    if not plausible(clause.words, cue):
        return False
    if cue.form == "part" and cue.start and clause.words[cue.start - 1].low in english().words["be"]:
        return cue.entry.words[-1] in TRANSITIVE_ENDS
    return True


def _right(clause: Clause, end: int) -> Iterator[tuple[Cue, dict[str, bool]]]:
    """The verb whose subject the thing is, or that is done to it."""
    relative = False
    for place in range(end, min(len(clause.words), end + REACH_RIGHT)):
        word = clause.words[place]
        if word.low in {"which", "that"} and place <= end + 1:
            relative = True
            continue
        if word.low == "," and (place <= end or _to_be(clause.words, place)):
            continue
        if _stops(word) or word.low in {",", "that"} or (_breaks(clause, place) and place > end):
            return
        for cue in clause.cues.get(place, ()):
            if (
                cue.kind == "base"
                and plausible(clause.words, cue)
                and (extra := _subject_of(clause, cue, end)) is not None
            ):
                yield cue, extra | {"relative": relative}
                return


def _to_be(words: Sequence[Word], comma: int) -> bool:
    return [word.low for word in words[comma + 1 : comma + 3]] == ["to", "be"]


def _subject_of(clause: Clause, cue: Cue, end: int) -> dict[str, bool] | None:
    between = clause.words[end : cue.start]
    aux = any(word.low in english().words["be"] for word in between)
    if cue.form == "part" or (cue.form == "past" and len(cue.entry.words) == 1):
        return {"passive": True} if aux else _participle(clause, cue, between)
    if intransitive(cue) and (len(cue.entry.words) > 1 or _no_object(clause, cue)):
        return {"reduced": cue.form == "ing" and not aux}
    return None


def _participle(clause: Clause, cue: Cue, between: Sequence[Word]) -> dict[str, bool] | None:
    """A past form after the thing without “be”: its own verb, or what was done to it."""
    if intransitive(cue) or any(word.low in HAVE for word in between):
        return {} if intransitive(cue) and _no_object(clause, cue) else None
    after = clause.words[cue.end].low if cue.end < len(clause.words) else ""
    linked = after in english().words["participle_links"] or clause.headline or not after.isalpha()
    return {"passive": True, "reduced": not clause.headline} if linked and len(between) <= 3 else None


def _no_object(clause: Clause, cue: Cue) -> bool:
    """Whether no object follows: “the truce ended on Monday”, not “the truce ended a war”."""
    if cue.end >= len(clause.words):
        return True
    low, tongue = clause.words[cue.end].low, english().words
    endings = ("after_verb", "participle_links", "hard_breaks")
    return not low.isalnum() or low.endswith("ly") or any(low in tongue[name] for name in endings)


def intransitive(cue: Cue) -> bool:
    """Whether the thing can be this verb's subject without an object."""
    lemma, tongue = lemma_of(cue.entry.words[0]), english().words
    return lemma in tongue["intransitive"] or (len(cue.entry.words) > 1 and lemma in tongue["subject_phrases"])


def _stops(word: Word) -> bool:
    return word.low in STOPS


def _breaks(clause: Clause, place: int) -> bool:
    return clause.words[place].low in english().words["hard_breaks"]


def _said(words: Sequence[Word], cue: Cue, how: str) -> str:
    return f"“{' '.join(word.text for word in words[cue.start : cue.end])}” {how}"


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    seen: dict[tuple[int, int, str], Claim] = {}
    for claim in claims:
        seen.setdefault((claim.verb, claim.thing[0], claim.base), claim)
    return list(seen.values())
