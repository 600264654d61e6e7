"""Things: where a sentence names what the family is about, and with which noun that says more of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from services.tagging.lexicon import Cue, english
from services.tagging.matching import STOPS
from services.tagging.states import is_state
from services.tagging.words import Word

NAMING = frozenset({"topic", "of_state"})
STATE_WITHIN = 8
"""Words in which “ban on” must name a state, a people or a seat of power to be a measure against it."""


class Thing(NamedTuple):
    """The thing at words `start` to `end`; `named` unless the word only stands for it; `head` the status of its noun, empty if none."""

    start: int
    end: int
    named: bool
    head: str


def things_of(
    words: Sequence[Word], cues: Mapping[int, Sequence[Cue]], taken: set[int], named_before: bool, headline: bool
) -> Iterator[Thing]:
    """The things of a sentence, longest first at a word. `taken` words are an act's own."""
    place = 0
    while place < len(words):
        topic = _topic_at(words, cues, place, named_before)
        if topic is None or place in taken or is_a_name(words, topic, headline):
            place += 1
            continue
        named_before = True
        head = None if topic.value else _head(words, cues, topic.end)
        end = head.end if head else topic.end
        yield Thing(topic.start, end, topic.kind in NAMING or bool(topic.value), head.value if head else topic.value)
        place = end


def _topic_at(words: Sequence[Word], cues: Mapping[int, Sequence[Cue]], place: int, named_before: bool) -> Cue | None:
    """The topic that begins here; one that only stands for the thing needs an article and the thing before it."""
    found = {cue.kind: cue for cue in reversed(cues.get(place, ()))}
    if cue := found.get("topic"):
        return cue
    if (cue := found.get("of_state")) and of_a_state(words, cue):
        return cue
    if cue := found.get("weak"):
        return cue
    pointed = place and words[place - 1].low in english().words["pointing"]
    return found.get("again") if named_before and pointed else None


def of_a_state(words: Sequence[Word], cue: Cue) -> bool:
    """Whether a state, a people or its capital is named right after: “curbs on Serbian arms”."""
    for place in range(cue.end, min(len(words), cue.end + STATE_WITHIN)):
        if words[place].low in STOPS:
            return False
        if is_state(words, place):
            return True
    return False


def is_a_name(words: Sequence[Word], topic: Cue, headline: bool) -> bool:
    """Whether the word is part of a proper name in running text: “Truce Islands”, “Ceasefire Foods”."""
    first, last = words[topic.start], words[topic.end - 1]
    if headline or not last.capital or last.text.isupper() or topic.end >= len(words):
        return False
    after = words[topic.end]
    follows = after.capital and after.start - last.end == 1 and not is_state(words, topic.end)
    return follows and after.text != "I" and first.capital


def _head(words: Sequence[Word], cues: Mapping[int, Sequence[Cue]], end: int) -> Cue | None:
    for place in (end, end + 1):
        found = [cue for cue in cues.get(place, ()) if cue.kind == "head"]
        if found and (place == end or words[end].low not in STOPS) and not _is_finite(words, cues, place):
            return found[0]
    return None


def _is_finite(words: Sequence[Word], cues: Mapping[int, Sequence[Cue]], place: int) -> bool:
    """A noun that is a verb here: “sanctions end Friday”."""
    verbs = any(c.kind == "base" and c.form in {"s", "base"} for c in cues.get(place, ()))
    return verbs and not words[place].low.endswith(("ion", "al", "ment"))
