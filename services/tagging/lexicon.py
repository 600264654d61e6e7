"""The words of English and of the families, compiled once: every form of every verb, found by its first word."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from schemas.families import Family, families, read_yaml
from services.tagging.inflection import phrase_forms

ENGLISH = Path(__file__).with_name("english.yaml")


class Entry(NamedTuple):
    """What a phrase means: `kind` is topic, weak, of_state, again, act, base, governor, noun or head; `form` as in `inflection`, or noun."""

    words: tuple[str, ...]
    kind: str
    value: str
    form: str


class Cue(NamedTuple):
    """An entry found at words `start` to `end` (end exclusive)."""

    entry: Entry
    start: int
    end: int

    @property
    def kind(self) -> str:
        """The entry's kind."""
        return self.entry.kind

    @property
    def value(self) -> str:
        """The entry's value: a status, a class of governor, or empty."""
        return self.entry.value

    @property
    def form(self) -> str:
        """The entry's form."""
        return self.entry.form


Index = dict[str, dict[tuple[str, ...], list[Entry]]]
"""Entries by their first word, then by all their words."""


@dataclass(frozen=True)
class English:
    """What the language says whatever the family."""

    governors: Index
    words: Mapping[str, frozenset[str]]
    modals: Mapping[str, str]
    genres: Mapping[str, re.Pattern[str]]
    irregular: Mapping[str, Sequence[str]]
    doubling: frozenset[str]
    conditional: re.Pattern[str]
    past: re.Pattern[str]
    now: re.Pattern[str]


@dataclass(frozen=True)
class Reading:
    """How one family is read."""

    family: Family
    index: Index
    acts: Index
    around: Mapping[str, Sequence[Entry]]
    compose: Mapping[str, Mapping[str, str]]
    other_sense: re.Pattern[str] | None
    noun_use: re.Pattern[str] | None
    verb_forms: Mapping[str, str]
    mentions: tuple[tuple[str, re.Pattern[str]], ...]
    speaks_for: re.Pattern[str] | None
    speaks_against: re.Pattern[str] | None
    default: str
    own_acts: frozenset[str]
    joint_acts: frozenset[str]
    of_others: frozenset[str]
    gate: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The family's name."""
        return self.family.family


@cache
def english() -> English:
    """The lexicon of English, read once."""
    data = read_yaml(ENGLISH.read_text("utf-8"))
    irregular, doubling = data["irregular"], frozenset(data["doubling"]) - frozenset(data["no_doubling"])
    if bare := [
        name for name, words in data.items() if isinstance(words, list) and not all(isinstance(w, str) for w in words)
    ]:
        raise ValueError(
            f"{ENGLISH.name}: {bare} hold words that YAML takes for true or false; put on, off, yes and no in quotes"
        )
    index: Index = {}
    for name, verbs in data["governors"].items():
        _add(index, _verb_entries(verbs, "governor", name, irregular, doubling))
    for name, nouns in data["governor_nouns"].items():
        _add(index, (Entry(tuple(noun.split()), "noun", name, "noun") for noun in nouns))
    sets = (
        *("be", "have_present", "have_past", "negators", "hard_breaks", "subordinators", "determiners", "pointing"),
        *(
            "intransitive",
            "subject_phrases",
            "participle_links",
            "after_verb",
            "verb_objects",
            "finite",
            "beginning_or_ending",
        ),
    )
    sayings = {w[0] for e in _verb_entries(data["sayings"], "", "", irregular, doubling) if len(w := e.words) == 1}
    return English(
        governors=index,
        words={name: frozenset(data[name]) for name in sets}
        | {"not_negating": frozenset(data["not_negating"]), "sayings": frozenset(sayings)},
        modals={word: name for name, words in data["modals"].items() for word in words},
        genres={
            name: re.compile("|".join(parts), re.IGNORECASE | re.MULTILINE) for name, parts in data["genres"].items()
        },
        irregular=irregular,
        doubling=doubling,
        conditional=_any_phrase(data["conditionals"]),
        past=_any_phrase(data["past_words"]),
        now=_any_phrase(data["now_words"]),
    )


@cache
def readings() -> dict[str, Reading]:
    """Every family that says how it is read, by name."""
    return {name: reading_of(family) for name, family in families().items() if family.tagging}


@cache
def statuses_that_are(kind: str) -> frozenset[str]:
    """The statuses of all families that are of this kind: `own`, `joint`, `sought`, `not_by_imposer`."""
    return frozenset(
        status for family in families().values() for status in family.tagging.get("kinds_of_status", {}).get(kind, ())
    )


def reading_of(family: Family) -> Reading:
    """How this family is read, from its `tagging` section."""
    data, tongue = expanded(family.tagging), english()
    index: Index = {}
    for group, topics in data["topics"].items():
        kind = TOPIC_KINDS.get(group, "weak")
        value = group if group in family.statuses else ""
        _add(index, (Entry(tuple(topic.split()), kind, value, "noun") for topic in topics))
    for status, verbs in data.get("verbs", {}).items():
        _add(index, _verb_entries(verbs, "base", status, tongue.irregular, tongue.doubling))
    _add(index, _verb_entries(data.get("phrasal_calls", ()), "base", "called_for", tongue.irregular, tongue.doubling))
    for status, nouns in data.get("heads", {}).items():
        _add(index, (Entry(tuple(noun.split()), "head", status, "noun") for noun in nouns))
    senses = data.get("senses", {})
    return Reading(
        family=family,
        index=index,
        acts=_acts(data.get("acts", {}), tongue),
        around=_around(data.get("around", {}), tongue),
        compose=data.get("compose", {}),
        other_sense=_any_pattern(senses.get("other", ())),
        noun_use=_any_pattern(senses.get("noun_use", ())),
        mentions=tuple((name, _mention(words)) for name, words in data.get("mentions", {}).items()),
        speaks_for=_any_word(data.get("context", {}).get("for", ())),
        speaks_against=_any_word(data.get("context", {}).get("against", ())),
        verb_forms=dict(_noun_verbs(data, tongue)),
        default=data.get("default", next(iter(data.get("verbs", {"": ()})))) or "",
        own_acts=frozenset(data.get("own_acts", ())),
        joint_acts=frozenset(data.get("joint_acts", ())),
        of_others=frozenset(data.get("of_others", ())),
        gate=gate_parts(data.get("gate", ()), data.get("classes", {}), tongue),
    )


def _noun_verbs(data: Mapping[str, Any], tongue: English) -> Iterator[tuple[str, str]]:
    for verb in data.get("verb_forms", ()):
        for (form, *_), kind in phrase_forms(verb, tongue.irregular, tongue.doubling):
            yield form, kind


def _acts(data: Mapping[str, Iterable[str]], tongue: English) -> Index:
    index: Index = {}
    for status, phrases in data.items():
        _add(index, _verb_entries(dict.fromkeys(phrases), "act", status, tongue.irregular, tongue.doubling))
    return index


def _around(data: Mapping[str, Iterable[str]], tongue: English) -> Mapping[str, Sequence[Entry]]:
    """Verbs whose other half stands behind their object, by the verb's form: “turn … down”."""
    found: dict[str, list[Entry]] = {}
    for status, phrases in data.items():
        for entry in _verb_entries(phrases, "base", status, tongue.irregular, tongue.doubling):
            found.setdefault(entry.words[0], []).append(entry)
    return found


TOPIC_KINDS = {"strong": "topic", "again": "again", "of_state": "of_state"}
CLASS = re.compile(r"\{(\w+)\}")


def expanded(tagging: Mapping[str, Any]) -> dict[str, Any]:
    """The section with each `{class}` of its phrases replaced by every member of that class; an empty member leaves the place out."""
    classes = tagging.get("classes", {})
    phrases = {
        name: _expanded(tagging[name], classes) for name in ("topics", "acts", "verbs", "heads") if name in tagging
    }
    return {**tagging, **phrases}


def _expanded(groups: Mapping[str, Iterable[str]], classes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {
        name: [full for phrase in phrases for full in phrases_of(phrase, classes)] for name, phrases in groups.items()
    }


def phrases_of(phrase: str, classes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Every phrase that this one stands for. Raises `ValueError` for a class that the family does not list."""
    names = CLASS.findall(phrase)
    if unknown := [name for name in names if name not in classes]:
        raise ValueError(f"“{phrase}”: {unknown} are no classes; list them under `classes` of the family's file")
    for members in itertools.product(*(classes[name] for name in names)):
        between = CLASS.split(phrase)[::2]
        filled = itertools.chain.from_iterable(itertools.zip_longest(between, members, fillvalue=""))
        yield " ".join("".join(filled).split())


def _verb_entries(
    verbs: Iterable[str], kind: str, value: str, irregular: Mapping[str, Sequence[str]], doubling: frozenset[str]
) -> Iterator[Entry]:
    for verb in verbs:
        for words, form in phrase_forms(verb, irregular, doubling):
            yield Entry(words, kind, value, form)
        if verb.startswith("be ") and kind == "governor":
            yield Entry(tuple(verb.split()[1:]), kind, value, "part")


def gate_parts(words: Iterable[str], classes: Mapping[str, Sequence[str]], tongue: English) -> tuple[str, ...]:
    """The gate as patterns over lower-case text: `*` ends a word anyhow, `~` lets a few words between, `{class}` is any of it, in any form
    where it comes first.
    """
    return tuple(_gate_part(phrase, classes, tongue) for phrase in words)


def _gate_part(phrase: str, classes: Mapping[str, Sequence[str]], tongue: English) -> str:
    parts: list[str] = []
    for place, word in enumerate(phrase.split()):
        if word == "~":
            parts.append(r"(?:[\w'’-]+\W{1,2}){0,5}?")
            continue
        name = CLASS.fullmatch(word)
        if name is None:
            choice = re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "")
        else:
            members = [m for m in classes[name[1]] if m]
            forms = _all_forms(members, tongue) if place == 0 else members
            choice = f"(?:{'|'.join(re.escape(form) for form in sorted(set(forms), key=lambda f: (-len(f), f)))})"
        parts.append(choice + r"\b\W{1,2}")
    return "".join(parts).removesuffix(r"\W{1,2}")


def _all_forms(verbs: Iterable[str], tongue: English) -> Iterator[str]:
    for verb in verbs:
        for words, _ in phrase_forms(verb, tongue.irregular, tongue.doubling):
            yield " ".join(words)


def _add(index: Index, entries: Iterable[Entry]) -> None:
    for entry in entries:
        index.setdefault(entry.words[0], {}).setdefault(entry.words, []).append(entry)


def _any_phrase(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{'|'.join(re.escape(p) for p in sorted(phrases, key=len, reverse=True))})\b", re.IGNORECASE
    )


def _any_pattern(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) if patterns else None


def _any_word(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE) if patterns else None


def _mention(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(word if word == "." else rf"\b(?:{word})\b" for word in words), re.IGNORECASE)
