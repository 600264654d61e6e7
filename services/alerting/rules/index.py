"""Many rules at once: which of them match a subject, by set arithmetic instead of a loop, exactly as the clauses say.

Every clause of every rule is filed under what it looks at: value -> the set of rules that want it. Per kind of clause, the rules that
pass are those without such a clause and those whose value is there; the answer is what passes everywhere. Sets are compressed bitmaps.
Grouping by person is a sort of numbers; each person's rules are a slice of one list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from services.alerting.rules.clauses import AllOf, AnyOf, Bound, Clause, NoneOf, number, stated
from services.alerting.rules.matching import Compiled
from services.alerting.rules.subject import Subject

_ABSENT = "\x00not stated"
_EMPTY = BitMap()
_KEPT = 64


class _Filed:
    """The rules with one kind of clause: by value those that want it, and all that have the clause."""

    __slots__ = ("_failing", "by_value", "having")

    def __init__(self) -> None:
        self.by_value: dict[str, BitMap] = {}
        self.having = BitMap()
        self._failing: dict[str, BitMap] = {}

    def file(self, number: int, values: Iterable[str]) -> None:
        self.having.add(number)
        self._failing.clear()
        for value in values:
            self.by_value.setdefault(value, BitMap()).add(number)

    def forget(self, number: int, values: Iterable[str]) -> None:
        self.having.discard(number)
        self._failing.clear()
        for value in values:
            self.by_value[value].discard(number)
            if not self.by_value[value]:
                del self.by_value[value]

    def failing(self, there: Collection[str]) -> BitMap:
        """Those that have the clause and want none of these. What asks for a single value is kept: there are few kinds, families, languages."""
        if len(there) != 1:
            return self.having - self.wanting(there)
        (only,) = there
        if only not in self._failing:
            if len(self._failing) >= _KEPT:
                self._failing.clear()
            self._failing[only] = self.having - self.by_value.get(only, _EMPTY)
        return self._failing[only]

    def wanting(self, there: Iterable[str]) -> BitMap:
        known = self.by_value
        found = [known[value] for value in there if value in known]
        return found[0] if len(found) == 1 else BitMap.union(_EMPTY, *found)


@dataclass(frozen=True, slots=True)
class ByPerson:
    """The rules that matched, grouped: those of one person are `rules[start:end]` between two neighbours of `cuts`. Each says what it asks."""

    rules: list[Compiled]
    cuts: list[int]

    def __iter__(self) -> Iterator[tuple[str, list[Compiled]]]:
        for start, end in pairwise(self.cuts):
            yield self.rules[start].saved.person, self.rules[start:end]

    def __len__(self) -> int:
        return len(self.cuts) - 1


class _Shelf:
    """The rule at each place and the number of its owner, as arrays that grow."""

    def __init__(self) -> None:
        self.rules: NDArray[np.object_] = np.empty(64, dtype=object)
        self._owners: NDArray[np.int32] = np.zeros(64, dtype=np.int32)
        self._numbers: dict[str, int] = {}

    def put(self, place: int, rule: Compiled) -> None:
        if place >= len(self.rules):
            self.rules = np.concatenate((self.rules, np.empty(len(self.rules), dtype=object)))
            self._owners = np.concatenate((self._owners, np.zeros(len(self._owners), dtype=np.int32)))
        self.rules[place] = rule
        self._owners[place] = self._numbers.setdefault(rule.saved.person, len(self._numbers))

    def grouped(self, places: BitMap) -> ByPerson:
        listed = np.frombuffer(places.to_array(), dtype=np.uint32)
        owners = self._owners[listed]
        if (owners[1:] < owners[:-1]).any():
            order = np.argsort(owners, kind="stable")
            listed, owners = listed[order], owners[order]
        cuts = (np.flatnonzero(owners[1:] != owners[:-1]) + 1).tolist()
        return ByPerson(self.rules[listed].tolist(), [0, *cuts, len(listed)] if len(listed) else [0])


class RuleIndex:
    """The rules in force. Saving and removing one costs what its own clauses cost; nothing is rebuilt."""

    def __init__(self, rules: Iterable[Compiled] = ()) -> None:
        self._rules: list[Compiled | None] = []
        self._places: dict[tuple[str, str], int] = {}
        self._free: list[int] = []
        self._all = BitMap()
        self._positive: dict[tuple[str, int], _Filed] = defaultdict(_Filed)
        self._negative: dict[str, _Filed] = defaultdict(_Filed)
        self._bounds: dict[tuple[str, bool], dict[float, BitMap]] = defaultdict(dict)
        self._slow = BitMap()
        self._shelf = _Shelf()
        self._by_width: list[tuple[str, _Filed]] | None = None
        self._abouts: set[str] = set()
        self._phrases: dict[str, dict[str, int]] = defaultdict(dict)
        for rule in rules:
            self.put(rule)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Compiled]:
        return (rule for rule in self._rules if rule is not None)

    def get(self, person: str, rule: str) -> Compiled | None:
        """The rule in force, if there is one."""
        place = self._places.get((person, rule))
        return None if place is None else self._rules[place]

    def put(self, rule: Compiled) -> None:
        """Put a rule in force, in place of its former version."""
        self.remove(*rule.key)
        place = self._free.pop() if self._free else len(self._rules)
        if place == len(self._rules):
            self._rules.append(None)
        self._rules[place] = rule
        self._shelf.put(place, rule)
        self._places[rule.key] = place
        self._all.add(place)
        self._file(place, rule.clauses)
        self._by_width = None

    def remove(self, person: str, rule: str) -> None:
        """Take a rule out; nothing happens if there is none."""
        place = self._places.pop((person, rule), None)
        if place is None:
            return
        former = self._rules[place]
        assert former is not None  # noqa: S101 - `_places` and `_rules` are changed together
        self._unfile(place, former.clauses)
        self._rules[place] = None
        self._all.discard(place)
        self._free.append(place)
        self._by_width = None

    def matching(self, subject: Subject) -> list[Compiled]:
        """Every rule whose clauses all hold, in the order in which they were put."""
        rules = self._rules
        return [rule for place in self._matching(subject) if (rule := rules[place]) is not None]

    def _matching(self, subject: Subject) -> BitMap:
        """The widest kind of clause first, so that the rest is asked of few."""
        passing = self._all.copy()
        widest = self._widest()
        there = {about: self._there(subject, about) for about in self._abouts}
        for about, filed in widest:
            passing -= filed.failing(there[about])
        for about, filed in self._negative.items():
            passing -= filed.wanting(there[about])
        for failing in self._out_of_bounds(subject):
            passing -= failing
        failing_slowly = self._failing_slowly(passing & self._slow, subject) if self._slow else _EMPTY
        return passing - failing_slowly

    def _widest(self) -> list[tuple[str, _Filed]]:
        if self._by_width is None:
            listed = [(about, filed) for (about, _), filed in self._positive.items() if filed.having]
            self._by_width = sorted(listed, key=lambda each: -len(each[1].having))
            self._abouts = {*self._negative, *(about for about, _ in self._by_width)}
        return self._by_width

    def by_person(self, subject: Subject) -> ByPerson:
        """The matching rules of each person, each with one sentence a clause (`asks`): what it asked for, and had."""
        return self._shelf.grouped(self._matching(subject))

    def _file(self, place: int, clauses: Iterable[Clause]) -> None:
        for clause in clauses:
            self._remember_phrases(clause)
            for filed, values in self._filed(clause):
                filed.file(place, values)
            if isinstance(clause, Bound):
                self._bounds[clause.about, clause.at_most].setdefault(clause.limit, BitMap()).add(place)
            elif not isinstance(clause, AnyOf | AllOf | NoneOf):
                self._slow.add(place)

    def _unfile(self, place: int, clauses: Iterable[Clause]) -> None:
        for clause in clauses:
            self._forget_phrases(clause)
            for filed, values in self._filed(clause):
                filed.forget(place, values)
            if isinstance(clause, Bound):
                self._bounds[clause.about, clause.at_most][clause.limit].discard(place)
        self._slow.discard(place)

    def _filed(self, clause: Clause) -> Iterator[tuple[_Filed, tuple[str, ...]]]:
        """Where a clause is filed: "all of" is as many clauses of one value each."""
        if isinstance(clause, AnyOf):
            extra = (_ABSENT,) if clause.or_not_stated else ()
            yield self._positive[clause.about, 0], (*clause.wanted, *extra)
        elif isinstance(clause, AllOf):
            extra = (_ABSENT,) if clause.or_not_stated else ()
            for nth, value in enumerate(clause.wanted, 1):
                yield self._positive[clause.about, nth], (value, *extra)
        elif isinstance(clause, NoneOf):
            yield self._negative[clause.about], clause.wanted

    def _there(self, subject: Subject, about: str) -> Collection[str]:
        if about != "words":
            return stated(subject, about) or (_ABSENT,)
        words = set(subject.text.split())
        starting = (self._phrases[word] for word in words & self._phrases.keys())
        return words.union(phrase for phrases in starting for phrase in phrases if f" {phrase} " in subject.text)

    def _out_of_bounds(self, subject: Subject) -> Iterator[BitMap]:
        for (about, at_most), by_limit in self._bounds.items():
            value = number(subject, about)
            for limit, rules in by_limit.items():
                if value is None or (value > limit if at_most else value < limit):
                    yield rules

    def _failing_slowly(self, candidates: BitMap, subject: Subject) -> BitMap:
        failing = BitMap()
        for place in candidates:
            rule = self._rules[place]
            if rule is not None and not all(clause.holds(subject) for clause in rule.clauses):
                failing.add(place)
        return failing

    def _remember_phrases(self, clause: Clause) -> None:
        for first, phrase in _phrases(clause):
            self._phrases[first][phrase] = self._phrases[first].get(phrase, 0) + 1

    def _forget_phrases(self, clause: Clause) -> None:
        for first, phrase in _phrases(clause):
            self._phrases[first][phrase] -= 1
            if not self._phrases[first][phrase]:
                del self._phrases[first][phrase]


def _phrases(clause: Clause) -> Iterator[tuple[str, str]]:
    if isinstance(clause, AnyOf | AllOf | NoneOf) and clause.about == "words":
        yield from ((value.split(" ", 1)[0], value) for value in clause.wanted if " " in value)
