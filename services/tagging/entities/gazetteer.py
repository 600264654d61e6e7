"""The lists of names, with the provenance of every row, searched in one pass."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

FOLDER = Path(__file__).parents[1] / "gazetteer"
ORDER = ("house", "states", "people", "actors", "places")
"""What is listed first wins where two lists hold one name."""


class Listed(NamedTuple):
    """What a list says of a name: `kind` is finer than `type` (state, demonym, capital, seat, body, city …); `listed` is the file."""

    name: str
    type: str
    id: str
    full: str
    country: str | None
    wikidata: str | None
    kind: str
    listed: str


class Found(NamedTuple):
    """A listed name in a text, by characters, with all that it may mean, likeliest first."""

    start: int
    end: int
    meanings: tuple[Listed, ...]


@dataclass(frozen=True)
class Gazetteer:
    """All names and the automaton that finds them."""

    meanings: dict[str, tuple[Listed, ...]]
    names: tuple[str, ...]
    automaton: AhoCorasick

    def find(self, text: str) -> Iterator[Found]:
        """Listed names that stand as whole words, longest first at a place, from left to right."""
        for number, start, end in self.automaton.find_matches_as_indexes(text):
            meanings = self.meanings[self.names[number]]
            if _whole(text, start, end, meanings[0].kind in JOINED_KINDS):
                yield Found(start, end, meanings)


JOINED_KINDS = frozenset({"state", "demonym", "capital", "seat", "body", "group", "region", "surname"})
"""What is a name of its own before or after a hyphen: “the Chad-Niger border”, “Paris-led talks”."""


def _whole(text: str, start: int, end: int, joins: bool) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or before in {"_", "@"} or after.isalnum() or after in {"_", "@"}:
        return False
    if before == "-" and text[start - 2 : start - 1].isalpha() and not joins:
        return False
    if after in {"-", "–"}:
        return joins or not text[end + 1 : end + 2].isalpha()
    return not (after in {"'", "’"} and text[end + 1 : end + 3].isalpha() and text[end + 1 : end + 3] != "s")


@cache
def gazetteer() -> Gazetteer:
    """The lists, read once."""
    found: dict[str, list[Listed]] = {}
    for listed in ORDER:
        for row in _rows(listed):
            meanings = found.setdefault(row.name, [])
            if all(known.id != row.id for known in meanings):
                meanings.append(row)
    names = tuple(found)
    automaton = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    return Gazetteer({name: tuple(rows) for name, rows in found.items()}, names, automaton)


def _rows(listed: str) -> Iterator[Listed]:
    with (FOLDER / f"{listed}.tsv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            if usable(row["name"], listed, row["kind"]):
                yield Listed(
                    row["name"],
                    row["type"],
                    row["id"],
                    row["full"],
                    row["country"] or None,
                    row["wikidata"] or None,
                    row["kind"],
                    listed,
                )


PLAIN = re.compile(r"[a-z]")


def usable(name: str, listed: str, kind: str) -> bool:
    """Whether a listed name can be told from ordinary words by its spelling."""
    if listed == "house":
        return True
    return len(name) > 3 and name[:1].isupper() and bool(PLAIN.search(name)) and _of_actors(name, listed, kind)


def _of_actors(name: str, listed: str, kind: str) -> bool:
    """Whether a name of the actor dictionary is more than one word without an article, or a surname that it lists alone."""
    return listed != "actors" or kind == "surname" or (" " in name and not name.startswith("The "))
