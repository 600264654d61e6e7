"""Claims: in each clause, which act is said of the family's thing, and what stands over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.tagging.entities.gazetteer import gazetteer
from services.tagging.lemmas import lemma_of
from services.tagging.lexicon import Cue, Entry, Reading, english
from services.tagging.matching import STOPS, acts_of, cues_of
from services.tagging.words import Word

REACH_LEFT = 10
REACH_RIGHT = 12
OPEN_LEFT = frozenset({"over", "under", "as", "without", "so", "even"})
"""Words that end a clause elsewhere, but may stand between a verb and its object."""
SUBJECT_PHRASES = (
    "be",
    "take",
    "come",
    "go",
    "enter",
    "kick",
    "get",
    "remain",
    "stay",
    "break",
    "fall",
    "run",
    "lie",
    "hold",
)
INTRANSITIVE = frozenset(
    [
        "hold",
        "begin",
        "start",
        "commence",
        "last",
        "survive",
        "endure",
        "persist",
        "collapse",
        "expire",
        "end",
        "lapse",
        "crumble",
        "unravel",
        "fail",
        "rupture",
        "implode",
        "resume",
        "return",
        "remain",
        "stay",
        "stand",
        "continue",
        "snap",
        "face",
    ]
)
PARTICIPLE_LINKS = frozenset(
    [
        "by",
        "on",
        "in",
        "against",
        "after",
        "last",
        "since",
        "under",
        "over",
        "at",
        "for",
        "from",
        "with",
        "between",
        "with",
        "until",
    ]
)


@dataclass
class Claim:
    """One reading of one mention, before its mood is known. Offsets are words of the sentence.

    `thing` is the topic with its head noun; `cue` the act said of it, None where a noun alone stands; `side` where the cue stands.
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
    for thing in _things(clause, taken, named_before):
        found.extend(_of_thing(clause, reading, thing))
    return clause, sorted(_distinct(found), key=lambda claim: claim.first)


def _acts(words: Sequence[Word], reading: Reading) -> Iterator[Claim]:
    for cue in acts_of(words, reading):
        yield Claim(
            (cue.start, cue.end), cue, cue.value, "act", strong=True, because=[_said(words, cue, "an act of its own")]
        )


def _verbs(clause: Clause, reading: Reading) -> Iterator[Claim]:
    """The thing's own verb ("sanctions twelve firms"): told from the noun by what follows."""
    for place, word in enumerate(clause.words):
        form = reading.verb_forms.get(word.low)
        if form and _is_verb(clause, place, form):
            entry = Cue(_entry(word.low, reading, form), place, place + 1)
            yield Claim(
                (place, place + 1),
                entry,
                reading.default,
                "act",
                strong=True,
                because=[f"“{word.text}” is a verb here"],
            )


def _entry(low: str, reading: Reading, form: str) -> Entry:
    return Entry((low,), "act", reading.default, form)


def _is_verb(clause: Clause, place: int, form: str) -> bool:
    words = clause.words
    before = words[place - 1].low if place else ""
    after = words[place + 1] if place + 1 < len(words) else None
    tongue = english().words
    if form in {"past", "part"}:
        adjective = before in tongue["determiners"] or (after is not None and place == 0 and not after.capital)
        return not adjective and (before not in {"", "of", "with", "against", "for", "on"} or before in tongue["be"])
    if form == "ing":
        return after is not None and (after.capital or before in {"for", "of", "by", "considering", "against"})
    object_follows = after is not None and (
        _is_object(clause, after) or after.low[:1].isdigit() or after.low in OBJECTS
    )
    if form == "base":
        return before in {"to", "will", "would", "could", "may", "might", "should", "must", "can"} and after is not None
    return object_follows and place > 0 and words[place - 1].capital and not _verb_follows(clause, place)


def _is_object(clause: Clause, after: Word) -> bool:
    """A capital that is an object: in a headline of capitals only a nationality is sure to be one."""
    if not after.capital or after.low in PARTICIPLE_LINKS or after.low in english().words["determiners"]:
        return False
    if not clause.headline or sum(word.capital for word in clause.words) * 2 < len(clause.words):
        return True
    meanings = gazetteer().meanings.get(after.text.removesuffix("'s").removesuffix("’s"), ())
    return any(meaning.kind in {"demonym", "state"} for meaning in meanings)


OBJECTS = frozenset(
    [
        "top",
        "more",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "dozens",
        "several",
        "senior",
        "key",
        "key",
        "another",
        "over",
        "former",
        "key",
        "leaders",
        "officials",
        "firms",
        "companies",
        "banks",
        "judges",
        "individuals",
        "entities",
        "vessels",
        "ships",
        "tankers",
        "members",
        "ministers",
        "generals",
        "people",
        "dozen",
    ]
)


def _verb_follows(clause: Clause, place: int) -> bool:
    after = clause.words[place + 1 : place + 5]
    return any(word.low in english().words["be"] or word.low in english().modals for word in after)


def _things(clause: Clause, taken: set[int], named_before: bool) -> Iterator[tuple[int, int, bool, str]]:
    """(start, end, strong, head status) of each topic, longest first at a word, with the noun that it qualifies."""
    place = 0
    while place < len(clause.words):
        topic = _topic_at(clause, place, named_before)
        if topic is None or place in taken:
            place += 1
            continue
        named_before = True
        head = None if topic.value else _head(clause, topic.end)
        yield (
            topic.start,
            head.end if head else topic.end,
            topic.kind == "topic" or bool(topic.value),
            head.value if head else topic.value,
        )
        place = head.end if head else topic.end


def _topic_at(clause: Clause, place: int, named_before: bool) -> Cue | None:
    """The topic that begins here; one that only stands for the thing needs an article and the thing before it."""
    cues = clause.cues.get(place, ())
    for kind in ("topic", "weak"):
        if found := next((cue for cue in cues if cue.kind == kind), None):
            return found
    pointed = place and clause.words[place - 1].low in POINTING
    return next((cue for cue in cues if cue.kind == "again"), None) if named_before and pointed else None


POINTING = frozenset({"the", "this", "that", "its", "their", "these", "those", "his"})


def _head(clause: Clause, end: int) -> Cue | None:
    for place in (end, end + 1):
        found = [cue for cue in clause.cues.get(place, ()) if cue.kind == "head"]
        if found and (place == end or not _stops(clause.words[end])) and not _is_finite(clause, place):
            return found[0]
    return None


def _is_finite(clause: Clause, place: int) -> bool:
    """A noun that is a verb here: “sanctions end Friday”."""
    return any(c.kind == "base" and c.form in {"s", "base"} for c in clause.cues.get(place, ())) and not clause.words[
        place
    ].low.endswith(("ion", "al", "ment"))


def _of_thing(clause: Clause, reading: Reading, thing: tuple[int, int, bool, str]) -> Iterator[Claim]:
    start, end, strong, head = thing
    left, right = _left(clause, start), list(_right(clause, end))
    if left:
        right = [(cue, extra) for cue, extra in right if not extra.get("reduced")]
    again = any(cue.kind == "again" and cue.start == start for cue in clause.cues.get(start, ()))
    if again and not left and not right:
        return
    for cue, extra in [*((cue, {}) for cue in left), *right]:
        base, others = _base(cue, clause, head)
        yield Claim(
            (start, end),
            cue,
            base,
            "left" if cue.start < start else "right",
            strong,
            alternatives=others,
            head=head,
            because=[_said(clause.words, cue, "said of it")],
            **extra,
        )
    named = any(cue.kind == "weak" and cue.value for cue in clause.cues.get(start, ()))
    if not left and not right and head == "monitored" and named:
        return
    if head and not left and not right:
        yield Claim((start, end), None, head, "noun", strong, head=head, because=["the noun beside it alone"])
    elif not left and not right:
        base, said = _mentioned(clause, reading)
        yield Claim((start, end), None, base, "bare", strong, because=[f"a mention alone{said}"])


def _mentioned(clause: Clause, reading: Reading) -> tuple[str, str]:
    """The status of a bare mention by the words around it, and those words."""
    text = " ".join(word.low for word in clause.words)
    for status, pattern in reading.mentions:
        if match := pattern.search(text):
            return status, f", with “{match[0]}”" if len(match[0]) > 1 else ""
    return reading.default, ""


def _base(cue: Cue, clause: Clause, head: str) -> tuple[str, tuple[str, ...]]:
    every = [c.value for c in clause.cues[cue.start] if c.kind == cue.kind and c.end == cue.end]
    statuses = tuple(dict.fromkeys(every))
    return statuses[0], statuses[1:]


def _left(clause: Clause, start: int) -> list[Cue]:
    """The verb whose object the thing is, or the noun that it completes (“the lifting of …”)."""
    for place in range(start - 1, max(-1, start - 1 - REACH_LEFT), -1):
        if _stops(clause.words[place]) or (_breaks(clause, place) and clause.words[place].low not in OPEN_LEFT):
            return []
        found = [c for c in clause.cues.get(place, ()) if c.end <= start]
        if clause.words[place].low == "," and start - place > 3:
            return []
        for kind in ("base", "head"):
            for cue in found:
                if (
                    cue.kind == kind
                    and (kind == "base" or _completes(clause, cue, start))
                    and _takes_object(clause, cue)
                ):
                    return [cue]
    return []


def _completes(clause: Clause, cue: Cue, start: int) -> bool:
    return any(word.low in {"of", "to", "on", "in", "from", "for", "against"} for word in clause.words[cue.end : start])


def plausible(words: Sequence[Word], cue: Cue) -> bool:
    """Whether a base form can be a verb where it stands: “to support”, “they support”, but not “weaken support for”."""
    if cue.form != "base" or cue.start == 0:
        return True
    before = words[cue.start - 1]
    tongue = english()
    if before.low in tongue.words["determiners"] or before.possessive:
        return False
    helping = (
        before.low in {"to", "not", "and", "or", "let", ","}
        or before.low in tongue.modals
        or before.low.endswith("n't")
    )
    subject = (
        before.capital
        or before.low.endswith("s")
        or before.low in {"we", "they", "i", "you", "who", "people", "both", "jointly", "men"}
    )
    return (
        helping
        or subject
        or before.low.endswith("ly")
        or not before.low.isalpha()
        or before.low in {"help", "do", "did"}
    )


def _takes_object(clause: Clause, cue: Cue) -> bool:
    if not plausible(clause.words, cue):
        return False
    if cue.form == "part" and cue.start and clause.words[cue.start - 1].low in english().words["be"]:
        return cue.entry.words[-1] in {"to", "with", "on", "for", "from", "by", "of", "under"} or cue.kind == "governor"
    return True


def _right(clause: Clause, end: int) -> Iterator[tuple[Cue, dict[str, bool]]]:
    """The verb whose subject the thing is, or that is done to it."""
    relative = False
    for place in range(end, min(len(clause.words), end + REACH_RIGHT)):
        word = clause.words[place]
        if word.low in {"which", "that"} and place <= end + 1:
            relative = True
            continue
        if word.low == "," and place <= end:
            continue
        if _stops(word) or word.low == "," or (_breaks(clause, place) and place > end):
            return
        for cue in clause.cues.get(place, ()):
            plain = cue.form != "base" or plausible(clause.words, cue)
            if cue.kind == "base" and plain and (extra := _subject_of(clause, cue, end)) is not None:
                yield cue, extra | {"relative": relative}
                return


def _subject_of(clause: Clause, cue: Cue, end: int) -> dict[str, bool] | None:
    between = clause.words[end : cue.start]
    verb = cue.entry.words[0]
    aux = any(word.low in english().words["be"] for word in between)
    if cue.form == "part" or (cue.form == "past" and len(cue.entry.words) == 1):
        if aux:
            return {"passive": True}
        after = clause.words[cue.end].low if cue.end < len(clause.words) else ""
        if _intransitive(cue) or any(word.low in {"has", "have", "had"} for word in between):
            return {} if _intransitive(cue) and _no_object(clause, cue) else None
        if between and len(between) > 3:
            return None
        return (
            {"passive": True, "reduced": not clause.headline}
            if after in PARTICIPLE_LINKS or clause.headline or not after.isalpha()
            else None
        )
    if (_intransitive(cue) and _no_object(clause, cue)) or (len(cue.entry.words) > 1 and verb in SUBJECT_PHRASES):
        return {"reduced": cue.form == "ing" and not aux}
    return None


def _no_object(clause: Clause, cue: Cue) -> bool:
    """Whether no object follows: “the truce ended on Monday”, not “the truce ended a war”."""
    if cue.end >= len(clause.words):
        return True
    low = clause.words[cue.end].low
    return (
        not low.isalnum()
        or low in AFTER_VERB
        or low in PARTICIPLE_LINKS
        or low.endswith("ly")
        or low in english().words["hard_breaks"]
    )


AFTER_VERB = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "tonight",
        "tomorrow",
        "yesterday",
        "late",
        "early",
        "overnight",
        "again",
        "within",
        "just",
        "and",
        "that",
        "despite",
        "to",
        "firm",
        "up",
        "out",
        "hours",
        "days",
        "shortly",
        "now",
        "in",
        "into",
        "off",
    ]
)


def _intransitive(cue: Cue) -> bool:
    return lemma_of(cue.entry.words[0]) in INTRANSITIVE or (
        len(cue.entry.words) > 1 and lemma_of(cue.entry.words[0]) in SUBJECT_PHRASES
    )


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
