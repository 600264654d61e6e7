"""Names: listed ones, and those that no list has, with one decision for a name in a whole text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from services.tagging.entities.gazetteer import Found, Listed, gazetteer
from services.tagging.entities.shapes import (
    ACRONYM,
    CITY_BEFORE,
    DAYS,
    EVENT,
    ORGANISATION,
    PERSON_TITLES,
    PLACE,
    PLACE_BEFORE,
    RUN,
    SMALL,
    SPEECH_AFTER,
    TITLES,
)

OPENING = re.compile(r"(?:^|[.!?:;•\n“\"‘(\[—–-])[ \t“\"‘(]*$")
SURE_KINDS = frozenset({"state", "demonym", "body", "seat", "capital", "army", "group"})
DEFINED = re.compile(r"^ ?\(([A-Z][A-Za-z&-]{1,9})\)")


@dataclass(frozen=True)
class Name:
    """One mention by characters of its field; `listed` where a list has it; `why` says in plain words what gave its type."""

    start: int
    end: int
    text: str
    type: str
    why: str
    listed: Listed | None = None
    others: tuple[Listed, ...] = ()
    titled: bool = False
    state: str | None = None
    full: str | None = None


@dataclass
class Document:
    """What a text has shown of its own names so far."""

    persons: dict[str, Name] = field(default_factory=dict)
    acronyms: dict[str, Name] = field(default_factory=dict)
    first_names: dict[str, Name] = field(default_factory=dict)
    mid_sentence: Counter[str] = field(default_factory=Counter)


def names_of(text: str, document: Document) -> list[Name]:
    """The names of one field, from left to right, none over another."""
    listed = {found.start: found for found in gazetteer().find(text)}
    for run in RUN.finditer(text):
        if not OPENING.search(text[max(0, run.start() - 6) : run.start()]):
            document.mid_sentence[run[0].split()[0]] += 1
    names: list[Name] = []
    for run in RUN.finditer(text):
        names.extend(_of_run(text, *run.span(), listed, document))
    covered = {place for name in names for place in range(name.start, name.end)}
    names.extend(
        listed_name(text, f)
        for f in listed.values()
        if f.start not in covered and f.end - 1 not in covered and sure(text, f)
    )
    return sorted(names, key=lambda name: name.start)


def sure(text: str, found: Found) -> bool:
    """Whether a listed name is to be believed where it stands without a capital of its own to speak for it."""
    first = found.meanings[0]
    if first.kind in SURE_KINDS or first.type in {"person", "group", "organisation"}:
        return True
    return (
        bool(PLACE_BEFORE.search(text[max(0, found.start - 24) : found.start]))
        or text[found.end : found.end + 2] == ", "
    )


def listed_name(text: str, found: Found) -> Name:
    """The mention that a listed name makes."""
    first, *others = found.meanings
    return Name(
        found.start,
        found.end,
        text[found.start : found.end],
        first.type,
        f"listed ({first.listed})",
        first,
        tuple(others[:2]),
    )


def _of_run(text: str, start: int, end: int, listed: dict[int, Found], document: Document) -> Iterator[Name]:
    """The names inside one run of capitals: nationality, title, then the name itself."""
    state: str | None = None
    titled = False
    while start < end:
        found = listed.get(start)
        if found and found.end >= end - _tail(text, start, end) and _believed(text, found, titled):
            name = replace(listed_name(text, found), titled=titled)
            if found.meanings[0].kind == "body" and " " in name.text:
                document.acronyms.setdefault(name.text.rsplit(" ", 1)[-1], name)
            yield name
            return
        word_end = _word_end(text, start, end)
        word = text[start:word_end]
        low = word.lower().removesuffix("'s").removesuffix("’s")
        if found and found.end < end and _stands_alone(text, found, end, listed):
            yield listed_name(text, found)
            state, start = found.meanings[0].country, _skip(text, found.end, end)
            continue
        if found and found.end < end and found.meanings[0].kind in STATE_KINDS:
            state = found.meanings[0].country
            break
        if office := OFFICE_OF.match(text, start, end):
            state, titled, start = state or "US", True, _skip(text, office.end(), end)
            continue
        if low in TITLES or (low in SMALL and OPENING.search(text[max(0, start - 6) : start])) or low in INNER_WORDS:
            state = state or HONOURS.get(low)
            titled = titled or low in PERSON_TITLES
            start = _skip(text, word_end, end)
            continue
        break
    else:
        return
    if start < end:
        yield from _unlisted(text, start, end, document, titled, state, listed)


HONOURS = {"sir": "GB", "dame": "GB"}
"""Titles that one crown confers, where no nationality stands before them."""
INNER_WORDS = frozenset({"of", "the", "for", "and", "on"})


def _believed(text: str, found: Found, titled: bool) -> bool:
    """Whether a name that fills its run is the listed one: after a title a town's name is a person's."""
    return found.meanings[0].kind not in {"city", "region"} or not titled or sure(text, found)


STATE_KINDS = frozenset({"demonym", "state", "capital", "seat", "body"})
OFFICE_OF = re.compile(r"Secretary of (?:State|Defen[cs]e|the Treasury|Commerce|Energy)\b(?! for)")
"""Offices that only one state's government has under this name."""


def _stands_alone(text: str, found: Found, end: int, listed: dict[int, Found]) -> bool:
    """Whether a listed name at the beginning of a run is a name of its own, and no part of the one that follows."""
    if text[found.end : found.end + 1] in {"-", "–"} and found.end + 1 in listed:
        return True
    return found.meanings[0].kind in STATE_KINDS and not _joined(text, found.end, end)


def _joined(text: str, start: int, end: int) -> bool:
    """Whether a nationality belongs to the name that follows (“Iranian Revolutionary Guards Corps” as an organisation)."""
    rest = text[start:end]
    return (
        bool(ORGANISATION.search(rest))
        and not rest.startswith(" and ")
        and not any(word.lower() in TITLES for word in rest.split())
        and "'s " not in rest
        and "’s " not in rest
    )


def _tail(text: str, start: int, end: int) -> int:
    return 2 if re.search(r"['’]s?$", text[start:end]) else 0


def _word_end(text: str, start: int, end: int) -> int:
    blank = re.search(r"[\s\u00a0]", text[start:end])
    return start + blank.start() if blank else end


def _skip(text: str, start: int, end: int) -> int:
    match = re.compile(r"(?:['’]s?)?[\s\u00a0-]*").match(text, start, end)
    return match.end() if match else start


def _unlisted(
    text: str, start: int, end: int, document: Document, titled: bool, state: str | None, listed: dict[int, Found]
) -> Iterator[Name]:
    raw = text[start:end]
    bare = re.sub(r"['’]s?$|[.]$(?<![A-Z]\.)", "", raw)
    for joint in (" and ", " on ", " for ", " the "):
        if joint in bare and not ORGANISATION.search(bare):
            left = start + bare.index(joint)
            yield from _of_run(text, start, left, listed, document)
            yield from _of_run(text, left + len(joint), end, listed, document)
            return
    if inner := _inner_state(text, start, end, bare, listed, titled):
        yield from _of_run(text, start, _trimmed(text, start, inner), listed, document)
        yield from _of_run(text, inner, end, listed, document)
        return
    if title := INNER_TITLE.search(bare):
        yield from _of_run(text, start, start + title.start(), listed, document)
        yield from _of_run(text, start + title.start() + 1, end, listed, document)
        return
    words = bare.split()
    low = words[0].lower() if words else ""
    if not words or (len(words) == 1 and (low in SMALL or low in DAYS or low in TITLES or len(bare) < 2)):
        return
    opening = bool(OPENING.search(text[max(0, start - 6) : start]))
    if (
        len(words) == 1
        and opening
        and not titled
        and bare not in document.persons
        and bare not in document.acronyms
        and not document.mid_sentence[bare]
        and not ACRONYM.match(bare)
    ):
        return
    name = _typed(text, start, start + len(bare), bare, document, titled, state)
    if name:
        _remember(text, name, document)
        yield name


INNER_TITLE = re.compile(
    r"(?<=\w) (?:Prime Minister|Foreign Minister|Defen[cs]e Minister|Minister|President|Mayor|Governor|Senator|Ambassador|General|PM|Premier|Chancellor)"
    r" [A-Z]\w+(?: [A-Z]\w+)?$"
)
"""An office inside a run, with the name of who holds it: what stands before it is his town, land or party."""


def _inner_state(text: str, start: int, end: int, bare: str, listed: dict[int, Found], titled: bool) -> int | None:
    """Where a state or its people begin inside a run that names no body, place or event of its own."""
    if ORGANISATION.search(bare) or PLACE.search(bare) or EVENT.search(bare):
        return None
    inside = (place for place in range(start + 1, end) if place in listed and text[place - 1] in " -")
    states = (place for place in inside if listed[place].meanings[0].kind in {"state", "demonym"})
    person = titled or bool(re.match(r"\S+ \S+ of ", bare))
    return next((place for place in states if person or not text[:place].endswith(" of ")), None)


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(" -").removesuffix(" of"))


def _typed(
    text: str, start: int, end: int, bare: str, document: Document, titled: bool, state: str | None
) -> Name | None:
    known = document.persons.get(bare) or document.acronyms.get(bare)
    known = known or (document.first_names.get(bare) if titled else None)
    if known:
        return replace(
            known,
            start=start,
            end=end,
            text=bare,
            why=f"short for {known.text}, named before",
            full=known.full or known.text,
        )
    said = _kind_of(bare, text[max(0, start - 40) : start], text[end : end + 70], titled)
    return Name(start, end, bare, *said, titled=titled, state=state) if said else None


def _kind_of(bare: str, before: str, after: str, titled: bool) -> tuple[str, str] | None:
    """(type, why) of a name that no list has; None where it names no person, place or body."""
    count = len(bare.split())
    checks = (
        (titled, "person", "a title stands before it"),
        (bool(EVENT.search(bare)) or bare.lower() in DAYS, "", "an event or a day"),
        (bool(ORGANISATION.search(bare)), "organisation", "its words name a body"),
        (bool(PLACE.search(bare) or CITY_BEFORE.search(before)), "place", "its words or those before it name a place"),
        (bool(ACRONYM.match(bare)), "organisation", "capitals alone: an acronym"),
        (bool(SPEECH_AFTER.match(after)) and count < 5, "person", "it speaks or acts as a person"),
        (_in_a_place(before) and count < 3, "place", "a word of place stands before it"),
        (count in {2, 3, 4}, "person", "two or three capitals with nothing against it"),
        (before.endswith(", "), "person", "a capital alone in a list"),
        (True, "organisation", "a capital alone"),
    )
    kind, why = next((kind, why) for right, kind, why in checks if right)
    return (kind, why) if kind else None


def _in_a_place(before: str) -> bool:
    return bool(PLACE_BEFORE.search(before)) and not before.endswith(" of ")


def _remember(text: str, name: Name, document: Document) -> None:
    """What later short forms may mean: a surname, an acronym in brackets."""
    words = name.text.split()
    if name.type == "person" and len(words) > 1:
        document.persons.setdefault(words[-1], name)
        document.first_names.setdefault(words[0], name)
    if name.type == "organisation" and len(words) > 1 and (match := DEFINED.match(text[name.end : name.end + 14])):
        document.acronyms.setdefault(match[1], name)
