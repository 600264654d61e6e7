"""The forms of an English verb: which of them a word is tells tense and voice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

Forms = dict[str, set[str]]
"""form -> what it can be: base, s, past, part (past participle), ing"""
VOWELS = "aeiou"
SHORT = re.compile(r"[^aeiou]*[aeiou][bdgmnprt]")
"""Verbs of one short syllable, which double their last letter: “snapped”."""
BRITISH = re.compile(r"(?:[^aeiou]|i)[aeiou]l$")
"""Verbs whose last letter British spelling doubles: “initialled”, “cancelling”."""


def forms_of(verb: str, irregular: Mapping[str, Sequence[str]], doubling: frozenset[str]) -> Forms:
    """All forms of a verb in lower case, each with what it can be."""
    third, past, participle, gerund = irregular.get(verb) or _regular(verb, verb in doubling)
    found: Forms = {}
    for form, kind in ((verb, "base"), (third, "s"), (past, "past"), (participle, "part"), (gerund, "ing")):
        found.setdefault(form, set()).add(kind)
    if verb == "be":
        found |= {"are": {"s"}, "were": {"past"}, "am": {"s"}}
    elif verb not in irregular and BRITISH.search(verb):
        found |= {f"{verb}led": {"past", "part"}, f"{verb}ling": {"ing"}}
    return found


def _regular(verb: str, doubled: bool) -> tuple[str, str, str, str]:
    if "-" in verb:
        head, _, tail = verb.rpartition("-")
        third, past, participle, gerund = _regular(tail, doubled)
        return f"{head}-{third}", f"{head}-{past}", f"{head}-{participle}", f"{head}-{gerund}"
    stem = verb + verb[-1] if doubled or SHORT.fullmatch(verb) else verb
    past = verb + "d" if verb.endswith("e") else verb[:-1] + "ied" if _consonant_y(verb) else stem + "ed"
    gerund = verb[:-1] + "ing" if verb.endswith("e") and not verb.endswith(("ee", "oe")) else stem + "ing"
    return _third(verb), past, past, gerund


def _third(verb: str) -> str:
    if _consonant_y(verb):
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _consonant_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2:-1] not in VOWELS


def phrase_forms(
    phrase: str, irregular: Mapping[str, Sequence[str]], doubling: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """(words, kind) of a verb phrase: its first word is inflected, the rest stands."""
    first, *rest = phrase.split()
    for form, kinds in forms_of(first, irregular, doubling).items():
        for kind in sorted(kinds):
            yield (form, *rest), kind
