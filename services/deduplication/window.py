"""What deduplication remembers: the versions of a window of time, as columns, and where to find them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from schemas.facts import SketchKept
from schemas.sketching import KIND
from services.deduplication.index import Index, Numbers

CHUNK = 1 << 15
TOGETHER = 1 << 10
"""Facts that are put into the columns at once while nobody asks."""
_ROW = np.dtype(
    [
        ("version", "V16"),
        ("article", "V16"),
        ("story", "V16"),
        ("seen", "i8"),
        ("offset", "i8"),
        ("origin", "i4"),
        ("outlet", "i4"),
    ]
)


@dataclass
class Window:
    """The versions seen within `length` of the newest one, numbered in the order of the log."""

    length: timedelta
    index: Index = field(default_factory=Index)
    newest: int = 0
    said: list[str] = field(default_factory=list)
    merged: dict[UUID, UUID] = field(default_factory=dict)
    _count: int = 0
    _places: dict[str, int] = field(default_factory=dict)
    _chunks: dict[int, NDArray[np.void]] = field(default_factory=dict)
    _seen: dict[int, Numbers] = field(default_factory=dict)
    _waiting: list[SketchKept] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many versions were ever remembered."""
        return self._count + len(self._waiting)

    @property
    def horizon(self) -> int:
        """The time (ms since 1970) before which nothing is remembered."""
        return self.newest - int(self.length.total_seconds() * 1000)

    @property
    def first_offset(self) -> int:
        """The lowest offset in `articles-extracted` of what is still held."""
        self.settle()
        return min((int(self._rows_of(place)["offset"].min()) for place in self._chunks), default=0)

    def row(self, number: int) -> np.void:
        """The columns of a remembered version."""
        if self._waiting:
            self.settle()
        found: np.void = self._chunks[number // CHUNK][number % CHUNK]
        return found

    def version(self, number: int) -> UUID:
        """The id of a remembered version."""
        return UUID(bytes=self.row(number)["version"].tobytes())

    def story(self, number: int) -> UUID:
        """The story of a remembered version, as it is called since the last merge."""
        return self._called(UUID(bytes=self.row(number)["story"].tobytes()))

    def origin(self, number: int) -> str:
        """The origin of a remembered version."""
        return self.said[int(self.row(number)["origin"])]

    def outlet(self, number: int) -> str:
        """The outlet of a remembered version."""
        return self.said[int(self.row(number)["outlet"])]

    def seen(self, number: int) -> int:
        """When a version was first seen (ms since 1970)."""
        return int(self._seen[number // CHUNK][number % CHUNK])

    def remembers(self, number: int) -> bool:
        """Whether this version is still within the window."""
        return number // CHUNK in self._chunks and self.seen(number) >= self.horizon

    def versions_of(self, article: UUID) -> list[int]:
        """The remembered versions of this article, in the order in which they were seen."""
        self.settle()
        key = np.array([article_key(article)], dtype=np.uint32)
        holders = self.index.find(key, CHUNK).numbers.tolist()
        own = [n for n in holders if self.remembers(n) and self.row(n)["article"].tobytes() == article.bytes]
        return sorted(own, key=lambda number: (self.seen(number), number))

    def add(self, fact: SketchKept) -> None:
        """Remember one more version, and what it said of stories."""
        if fact.moved:
            self._move(fact)
        self._waiting.append(fact)
        self.newest = max(self.newest, milliseconds(fact.seen))
        if fact.merged is not None:
            self.merged[fact.merged] = fact.story
        if len(self._waiting) >= TOGETHER:
            self.settle()

    def settle(self) -> None:
        """Put what was added last into the columns and the index."""
        while self._waiting:
            room = CHUNK - self._count % CHUNK
            facts, self._waiting = self._waiting[:room], self._waiting[room:]
            self._fill(facts)
            self.index.add(*postings_of(facts))
            self._count += len(facts)
            if self._count % CHUNK == 0:
                self._forget()

    def _fill(self, facts: list[SketchKept]) -> None:
        place, begin = divmod(self._count, CHUNK)
        if place not in self._chunks:
            self._chunks[place] = np.zeros(CHUNK, dtype=_ROW)
            self._seen[place] = self._chunks[place]["seen"]
        self._chunks[place][begin : begin + len(facts)] = [
            (
                fact.version.bytes,
                fact.article.bytes,
                fact.story.bytes,
                milliseconds(fact.seen),
                fact.meta.source.offset if fact.meta.source else self._count + at,
                self._said(fact.origin),
                self._said(fact.outlet),
            )
            for at, fact in enumerate(facts)
        ]

    def _rows_of(self, place: int) -> NDArray[np.void]:
        return self._chunks[place][: max(1, self._count - place * CHUNK)]

    def _called(self, story: UUID) -> UUID:
        while story in self.merged:
            story = self.merged[story]
        return story

    def _move(self, fact: SketchKept) -> None:
        moved = {version.bytes for version in fact.moved}
        for number in self.versions_of(fact.article):
            if self.row(number)["version"].tobytes() in moved:
                self.row(number)["story"] = fact.story.bytes

    def _forget(self) -> None:
        """Let go of whole chunks that lie behind the horizon, and of the names and merged stories that only they held."""
        for place in sorted(self._chunks):
            if int(self._seen[place].max()) >= self.horizon:
                break
            del self._chunks[place], self._seen[place]
        self.index.forget(min(self._chunks, default=0) * CHUNK)
        self._forget_names()
        self._forget_stories()

    def _forget_names(self) -> None:
        held = np.zeros(len(self.said), dtype=np.bool_)
        for rows, name in self._columns("origin", "outlet"):
            held[rows[name]] = True
        renumbered = np.cumsum(held) - 1
        for rows, name in self._columns("origin", "outlet"):
            rows[name] = renumbered[rows[name]]
        self.said = [text for text, kept in zip(self.said, held.tolist(), strict=True) if kept]
        self._places = {text: place for place, text in enumerate(self.said)}

    def _columns(self, *names: str) -> list[tuple[NDArray[np.void], str]]:
        return [(self._rows_of(place), name) for place in self._chunks for name in names]

    def _forget_stories(self) -> None:
        if not self.merged:
            return
        keys = np.array([int.from_bytes(story.bytes[:8], "little") for story in self.merged], dtype="<u8")
        held: set[int] = set()
        for place in self._chunks:
            stories = np.ascontiguousarray(self._rows_of(place)["story"]).view("<u8")[::2]
            held.update(keys[np.isin(keys, stories)].tolist())
        self.merged = {
            story: self._called(story) for story, key in zip(self.merged, keys.tolist(), strict=True) if key in held
        }

    def _said(self, text: str) -> int:
        place = self._places.setdefault(text, len(self.said))
        if place == len(self.said):
            self.said.append(text)
        return place


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def article_key(article: UUID) -> int:
    """The key by which the versions of one article are found."""
    return int.from_bytes(article.bytes[:4], "big")


def postings_of(facts: list[SketchKept]) -> tuple[Numbers, NDArray[np.uint32], NDArray[np.uint8]]:
    """How many keys each version is found by, all keys, and the weights of those that are terms.

    A version with an older kind of sketch is found by its article alone.
    """
    parts = [_keys_of(fact) for fact in facts]
    counts = np.array([len(keys) // 4 for keys, _ in parts], dtype=np.int64)
    keys = np.frombuffer(b"".join([keys for keys, _ in parts]), dtype="<u4")
    weights = np.frombuffer(b"".join([weights for _, weights in parts]), dtype="u1")
    return counts, keys, weights


def _keys_of(fact: SketchKept) -> tuple[bytes, bytes]:
    own = fact.article.bytes[3::-1]
    if fact.sketch.kind != KIND:
        return own, b"\0"
    marks, terms = base64.b64decode(fact.sketch.minhash), base64.b64decode(fact.sketch.terms)
    count = len(terms) // 5
    return own + marks + terms[: 4 * count], bytes(1 + len(marks) // 4) + terms[4 * count :]
