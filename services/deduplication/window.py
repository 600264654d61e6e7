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
from services.deduplication.index import Index, Postings

CHUNK = 1 << 15
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
    count: int = 0
    said: list[str] = field(default_factory=list)
    merged: dict[UUID, UUID] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)
    _chunks: dict[int, NDArray[np.void]] = field(default_factory=dict)

    @property
    def horizon(self) -> int:
        """The time (ms since 1970) before which nothing is remembered."""
        return self.newest - int(self.length.total_seconds() * 1000)

    @property
    def first_offset(self) -> int:
        """The lowest offset in `articles-extracted` of what is still held."""
        held = self._chunks.get(min(self._chunks, default=0))
        return int(held["offset"][0]) if held is not None else 0

    def row(self, number: int) -> np.void:
        """The columns of a remembered version."""
        found: np.void = self._chunks[number // CHUNK][number % CHUNK]
        return found

    def version(self, number: int) -> UUID:
        """The id of a remembered version."""
        return UUID(bytes=self.row(number)["version"].tobytes())

    def story(self, number: int) -> UUID:
        """The story of a remembered version, as it is called since the last merge."""
        story = UUID(bytes=self.row(number)["story"].tobytes())
        while story in self.merged:
            story = self.merged[story]
        return story

    def origin(self, number: int) -> str:
        """The origin of a remembered version."""
        return self.said[int(self.row(number)["origin"])]

    def outlet(self, number: int) -> str:
        """The outlet of a remembered version."""
        return self.said[int(self.row(number)["outlet"])]

    def remembers(self, number: int) -> bool:
        """Whether this version is still within the window."""
        return number // CHUNK in self._chunks and int(self.row(number)["seen"]) >= self.horizon

    def versions_of(self, article: UUID, holders: list[int]) -> list[int]:
        """Those of `holders` that are remembered versions of this article, oldest first."""
        return [
            n for n in sorted(set(holders)) if self.remembers(n) and self.row(n)["article"].tobytes() == article.bytes
        ]

    def add(self, fact: SketchKept) -> None:
        """Remember one more version, and what it said of stories."""
        seen = milliseconds(fact.seen)
        chunk = self._chunks.setdefault(self.count // CHUNK, np.zeros(CHUNK, dtype=_ROW))
        chunk[self.count % CHUNK] = (
            fact.version.bytes,
            fact.article.bytes,
            fact.story.bytes,
            seen,
            fact.meta.source.offset if fact.meta.source else self.count,
            self._said(fact.origin),
            self._said(fact.outlet),
        )
        self.index.add(self.count, *postings_of(fact))
        self.count += 1
        self.newest = max(self.newest, seen)
        if fact.merged is not None:
            self.merged[fact.merged] = fact.story
        for number in self._numbers(fact):
            self.row(number)["story"] = fact.story.bytes
        if self.count % CHUNK == 0:
            self._forget()

    def _numbers(self, fact: SketchKept) -> list[int]:
        if not fact.moved:
            return []
        found = self.index.find(np.array([article_key(fact.article)], dtype=np.uint64), CHUNK)
        moved = {version.bytes for version in fact.moved}
        return [n for n in found.numbers.tolist() if self.remembers(n) and self.row(n)["version"].tobytes() in moved]

    def _forget(self) -> None:
        """Let go of whole chunks that lie behind the horizon."""
        for place, chunk in sorted(self._chunks.items()):
            if int(chunk["seen"].max()) >= self.horizon:
                break
            del self._chunks[place]
        self.index.forget(min(self._chunks, default=0) * CHUNK)

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


def postings_of(fact: SketchKept) -> Postings:
    """All keys by which a version is found, and the weights of those that are terms; of an older kind of sketch its article alone."""
    if fact.sketch.kind != KIND:
        return [article_key(fact.article)], [0]
    marks = np.frombuffer(base64.b64decode(fact.sketch.minhash), dtype="<u4")
    terms = base64.b64decode(fact.sketch.terms)
    count = len(terms) // 5
    keys = [article_key(fact.article), *marks.tolist(), *np.frombuffer(terms, dtype="<u4", count=count).tolist()]
    return keys, [0] * (1 + len(marks)) + list(terms[4 * count :])
