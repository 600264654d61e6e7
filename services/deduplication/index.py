"""What is found by what: keys to the articles that hold them, in arrays; forgotten as time passes.

Newest articles lie in a dictionary; full dictionaries become sorted arrays, and arrays of one size are merged into larger ones, so
that an article costs eight bytes a key and a look-up a few binary searches. No order of arrival changes what is found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Packed = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Postings = tuple[list[int], list[int]]
"""Keys, and a weight of 0 to 1023 for each."""

FRESH = 4_096
"""Articles in the dictionary."""
FANOUT = 8
"""Arrays of one size that are merged into the next."""
LARGEST = FRESH * FANOUT**2
"""Articles in the largest arrays; they are forgotten whole."""
LOCAL_BITS = np.uint64(22)
WEIGHT_BITS = np.uint64(10)
WEIGHT_MAX = 1023
_KEY = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, eq=False)
class Held:
    """Postings that were found: which of the keys asked for, the article that holds it, and the weight."""

    places: Numbers
    numbers: Numbers
    weights: Numbers


class Run:
    """A sorted array of postings of the articles `first` to `last`: 32 bits of key, 22 of the article's place, 10 of weight."""

    __slots__ = ("first", "last", "postings")

    def __init__(self, first: int, last: int, postings: Packed) -> None:
        self.first = first
        self.last = last
        self.postings = postings

    @property
    def size(self) -> int:
        """How many articles it covers."""
        return self.last - self.first + 1


class Index:
    """Postings of consecutively numbered articles."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._fresh: dict[int, list[int]] = {}
        self._first = 0
        self._next = 0

    def add(self, number: int, keys: list[int], weights: list[int]) -> None:
        """Remember article `number` under `keys`. Numbers must come in order without gaps."""
        fresh, low = self._fresh, (number - self._first) << int(WEIGHT_BITS)
        for key, weight in zip(keys, weights, strict=True):
            held = fresh.get(key)
            if held is None:
                fresh[key] = [low | weight]
            else:
                held.append(low | weight)
        self._next = number + 1
        if self._next - self._first >= FRESH:
            self._settle()

    def find(self, keys: Packed, cap: int) -> Held:
        """Who holds these keys: of each key the newest `cap` articles of every array."""
        parts = [_find_in(run, keys, cap) for run in self.runs]
        parts.append(self._find_fresh(keys, cap))
        return Held(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def forget(self, before: int) -> None:
        """Let go of runs whose articles are all numbered below `before`."""
        self.runs = [run for run in self.runs if run.last >= before]

    def _find_fresh(self, keys: Packed, cap: int) -> tuple[Numbers, Numbers, Numbers]:
        places: list[int] = []
        packed: list[int] = []
        for place, key in enumerate(keys.tolist()):
            held = self._fresh.get(key)
            if held is not None:
                held = held[-cap:]
                packed += held
                places += [place] * len(held)
        low = np.array(packed, dtype=np.int64)
        return np.array(places, dtype=np.int64), (low >> int(WEIGHT_BITS)) + self._first, low & WEIGHT_MAX

    def _settle(self) -> None:
        keys = np.array(
            [(key << 32) | low for key, held in self._fresh.items() for low in held],
            dtype=np.uint64,
        )
        keys.sort()
        self.runs.append(Run(self._first, self._next - 1, keys))
        self._fresh = {}
        self._first = self._next
        while (merged := _mergeable(self.runs)) is not None:
            self.runs[-FANOUT:] = [merged]


def _mergeable(runs: list[Run]) -> Run | None:
    last = runs[-FANOUT:]
    if len(last) < FANOUT or last[0].size != last[-1].size or last[-1].size >= LARGEST:
        return None
    first = last[0].first
    shifted = [run.postings + (np.uint64(run.first - first) << WEIGHT_BITS) for run in last]
    postings = np.concatenate(shifted)
    postings.sort()
    return Run(first, last[-1].last, postings)


def _find_in(run: Run, keys: Packed, cap: int) -> tuple[Numbers, Numbers, Numbers]:
    begin = np.searchsorted(run.postings, keys << _KEY)
    there = np.flatnonzero(run.postings[np.minimum(begin, len(run.postings) - 1)] >> _KEY == keys)
    begin = begin[there]
    end = np.searchsorted(run.postings, (keys[there] << _KEY) | _LOW, side="right")
    begin = np.maximum(begin, end - cap)
    counts = end - begin
    places = np.repeat(there, counts)
    offsets = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    low = (run.postings[np.repeat(begin, counts) + offsets] & _LOW).astype(np.int64)
    return places, (low >> int(WEIGHT_BITS)) + run.first, low & WEIGHT_MAX
