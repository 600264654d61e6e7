"""What is found by what: keys to the articles that hold them, in arrays; forgotten as time passes.

The newest articles lie in a hash table with a chain for each key; full tables become sorted arrays, and arrays of one size are merged into
larger ones, so that an article costs eight bytes a key. Of each key the newest holders are found, wherever the borders of the arrays
lie: a start in the middle of the log finds the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.compiled import (
    I32,
    I64,
    NUMBER,
    READ_I32,
    READ_I64,
    READ_U8,
    READ_U32,
    READ_U64,
    U32,
    U64,
    compiled,
    several,
)  # fmt: skip

Packed = NDArray[np.uint64]
Numbers = NDArray[np.int64]

FRESH = 2_048
"""Articles in the hash table."""
FANOUT = 8
"""Arrays of one size that are merged into the next."""
LARGEST = FRESH * FANOUT**2
"""Articles in the largest arrays; they are forgotten whole."""
KEYS = 64
"""Keys that an article has at most, on average over a table."""
_WEIGHT_BITS = 10


@compiled(
    several(NUMBER, NUMBER, NUMBER),
    READ_I64, READ_U32, READ_U8, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, I32, U32, I32, U32,
)  # fmt: skip
def _insert(counts, keys, weights, done, at, local, most, used, heads, names, next_, low):  # type: ignore[no-untyped-def] # its types stand above
    """Chain the postings of the articles from number `done` on, until the table is full; returns where it stopped."""
    mask = len(heads) - 1
    while done < len(counts) and local < most and used + counts[done] <= len(low):
        for _ in range(counts[done]):
            place = np.int64(keys[at]) & mask
            while heads[place] and names[place] != keys[at]:
                place = (place + 1) & mask
            names[place] = keys[at]
            next_[used] = heads[place]
            low[used] = np.uint32((local << 10) | weights[at])
            used += 1
            heads[place] = used
            at += 1
        local += 1
        done += 1
    return done, at, used


@compiled(NUMBER, READ_U32, READ_I32, READ_U32, READ_I32, READ_U32, NUMBER, I32, I32, I64, I64, NUMBER)
def _find_fresh(keys, heads, names, next_, low, first, left, places, numbers, weights, count):  # type: ignore[no-untyped-def]
    mask = len(heads) - 1
    for number in range(len(keys)):
        place = np.int64(keys[number]) & mask
        while heads[place] and names[place] != keys[number]:
            place = (place + 1) & mask
        at = heads[place]
        while at and left[number]:
            places[count] = number
            numbers[count] = first + (low[at - 1] >> 10)
            weights[count] = low[at - 1] & 1023
            count += 1
            left[number] -= 1
            at = next_[at - 1]
    return count


@compiled(NUMBER, READ_U32, READ_U64, READ_U32, NUMBER, NUMBER, I32, I32, I64, I64, NUMBER)
def _find_run(keys, postings, starts, shift, first, left, places, numbers, weights, count):  # type: ignore[no-untyped-def]
    for number in range(len(keys)):
        if not left[number]:
            continue
        key = np.uint64(keys[number])
        bucket = np.int64(key >> np.uint64(shift))
        low, high = np.int64(starts[bucket]), np.int64(starts[bucket + 1])
        beyond = (key + np.uint64(1)) << np.uint64(32)
        last = key == np.uint64(0xFFFFFFFF)
        while low < high:
            middle = (low + high) >> 1
            if last or postings[middle] < beyond:
                low = middle + 1
            else:
                high = middle
        at = low - 1
        while at >= 0 and left[number] and postings[at] >> np.uint64(32) == key:
            rest = np.int64(postings[at] & np.uint64(0xFFFFFFFF))
            places[count] = number
            numbers[count] = first + (rest >> 10)
            weights[count] = rest & 1023
            count += 1
            left[number] -= 1
            at -= 1
    return count


@compiled(U64, READ_I32, READ_U32, READ_I32, READ_U32, NUMBER)
def _postings(heads, names, next_, low, used):  # type: ignore[no-untyped-def]
    postings = np.empty(used, np.uint64)
    count = 0
    for place in range(len(heads)):
        at = heads[place]
        while at:
            postings[count] = (np.uint64(names[place]) << np.uint64(32)) | np.uint64(low[at - 1])
            count += 1
            at = next_[at - 1]
    return postings


@compiled(U32, READ_U64, NUMBER)
def _starts(postings, bits):  # type: ignore[no-untyped-def]
    """Where the postings of each value of the highest `bits` of a key begin."""
    starts = np.zeros((1 << bits) + 1, np.uint32)
    for posting in postings:
        starts[np.int64(posting >> np.uint64(64 - bits)) + 1] += 1
    for bucket in range(1, len(starts)):
        starts[bucket] += starts[bucket - 1]
    return starts


@compiled(several(I64, I64), READ_I64, READ_I64)
def totals(numbers, amounts):  # type: ignore[no-untyped-def]
    """Each number once, and the sum of its amounts."""
    size = 16
    while size < 2 * len(numbers):
        size *= 2
    place_of = np.zeros(size, np.int32)
    every, sums = np.empty(len(numbers), np.int64), np.zeros(len(numbers), np.int64)
    held = 0
    for at in range(len(numbers)):
        place = (numbers[at] * 2654435761) & (size - 1)
        while place_of[place] and every[place_of[place] - 1] != numbers[at]:
            place = (place + 1) & (size - 1)
        if not place_of[place]:
            every[held] = numbers[at]
            held += 1
            place_of[place] = held
        sums[place_of[place] - 1] += amounts[at]
    return every[:held].copy(), sums[:held].copy()


@dataclass(frozen=True, eq=False)
class Held:
    """Postings that were found: which of the keys asked for, the article that holds it, and the weight."""

    places: NDArray[np.int32]
    numbers: Numbers
    weights: Numbers


class Run:
    """A sorted array of postings of the articles `first` to `last`: 32 bits of key, 22 of the article's place, 10 of weight."""

    __slots__ = ("first", "last", "postings", "shift", "starts")

    def __init__(self, first: int, last: int, postings: Packed) -> None:
        self.first = first
        self.last = last
        self.postings = postings
        bits = min(24, max(1, len(postings).bit_length() - 4))
        self.shift = 32 - bits
        self.starts = _starts(postings, bits)

    @property
    def size(self) -> int:
        """How many articles it covers."""
        return self.last - self.first + 1


class Index:
    """Postings of consecutively numbered articles."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._next = 0
        self._empty()

    def _empty(self) -> None:
        room = FRESH * KEYS
        self._first, self._used = self._next, 0
        places = 1 << (2 * room - 1).bit_length()
        self._table = (
            np.zeros(places, dtype=np.int32),
            np.zeros(places, dtype=np.uint32),
            np.zeros(room, dtype=np.int32),
            np.zeros(room, dtype=np.uint32),
        )

    def add(self, counts: Numbers, keys: NDArray[np.uint32], weights: NDArray[np.uint8]) -> None:
        """Remember the next articles, the first under the first `counts[0]` keys with their weights, and so on."""
        done, at = 0, 0
        while done < len(counts):
            here = (done, at, self._next - self._first, FRESH, self._used)
            last, at, self._used = _insert(counts, keys, weights, *here, *self._table)
            if last == done and not self._used:
                raise ValueError(f"an article of {counts[done]} keys, a table holds {len(self._table[3])}: raise KEYS")
            self._next += last - done
            done = last
            if done < len(counts) or self._next - self._first >= FRESH:
                self._settle()

    def find(self, keys: NDArray[np.uint32], cap: int) -> Held:
        """Who holds these keys: of each key the newest `cap` articles."""
        left = np.full(len(keys), cap, dtype=np.int32)
        places = np.empty(len(keys) * cap, dtype=np.int32)
        numbers, weights = np.empty(len(places), dtype=np.int64), np.empty(len(places), dtype=np.int64)
        found = (left, places, numbers, weights)
        count = _find_fresh(keys, *self._table, self._first, *found, 0)
        for run in reversed(self.runs):
            count = _find_run(keys, run.postings, run.starts, run.shift, run.first, *found, count)
        return Held(places[:count], numbers[:count], weights[:count])

    def forget(self, before: int) -> None:
        """Let go of runs whose articles are all numbered below `before`."""
        self.runs = [run for run in self.runs if run.last >= before]

    def _settle(self) -> None:
        postings = _postings(*self._table, self._used)
        postings.sort()
        if self._next > self._first:
            self.runs.append(Run(self._first, self._next - 1, postings))
        self._empty()
        while (merged := _mergeable(self.runs)) is not None:
            self.runs[-FANOUT:] = [merged]


def _mergeable(runs: list[Run]) -> Run | None:
    last = runs[-FANOUT:]
    if len(last) < FANOUT or last[0].size >= FANOUT * last[-1].size or last[-1].size >= LARGEST:
        return None
    first = last[0].first
    shifted = [run.postings + (np.uint64(run.first - first) << np.uint64(_WEIGHT_BITS)) for run in last]
    postings = np.concatenate(shifted)
    postings.sort()
    return Run(first, last[-1].last, postings)
