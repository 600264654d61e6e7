"""What deduplication remembers: the versions of a window of time, as columns, and where to find them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from schemas.facts import SketchKept
from services.deduplication.index import Index

CHUNK = 1 << 15
_ROW = np.dtype(
    [
        ("version", "V16"),
        ("article", "V16"),
        ("seen", "i8"),
        ("offset", "i8"),
        ("story", "V16"),
        ("origin", "i4"),
        ("outlet", "i4"),
    ]
)
Keys = NDArray[np.uint64]


@dataclass
class Window:
    """The versions seen within `length` of the newest one, numbered in the order of the log."""

    length: timedelta
    index: Index = field(default_factory=Index)
    newest: int = 0
    count: int = 0
    first: int = 0
    said: list[str] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)
    _chunks: dict[int, NDArray[np.void]] = field(default_factory=dict)

    @property
    def horizon(self) -> int:
        """The time (ms since 1970) before which nothing is remembered."""
        return self.newest - int(self.length.total_seconds() * 1000)

    def row(self, number: int) -> np.void:
        """The columns of a remembered version."""
        found: np.void = self._chunks[number // CHUNK][number % CHUNK]
        return found

    def remembers(self, number: int) -> bool:
        """Whether this version is still within the window."""
        return number // CHUNK in self._chunks and int(self.row(number)["seen"]) >= self.horizon

    def add(self, fact: SketchKept) -> None:
        """Remember one more version."""
        number = self.count
        chunk = self._chunks.setdefault(number // CHUNK, np.zeros(CHUNK, dtype=_ROW))
        source = fact.meta.source
        chunk[number % CHUNK] = (
            fact.version.bytes,
            fact.article.bytes,
            milliseconds(fact.seen),
            source.offset if source else number,
            fact.story.bytes,
            self._said(fact.origin),
            self._said(fact.outlet),
        )
        keys = keys_of(fact)
        self.index.add(number, keys, [0] * len(keys))
        self.newest = max(self.newest, milliseconds(fact.seen))
        self.count += 1

    def _said(self, text: str) -> int:
        place = self._places.setdefault(text, len(self.said))
        if place == len(self.said):
            self.said.append(text)
        return place


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def marks_of(sketch: str) -> list[int]:
    """The shingle hashes of a sketch."""
    marks: list[int] = np.frombuffer(base64.b85decode(sketch), dtype="<u4").tolist()
    return marks


def article_key(article: UUID) -> int:
    """The key by which the versions of one article are found."""
    return int.from_bytes(article.bytes[:4], "big") ^ 0x5A5A5A5A


def keys_of(fact: SketchKept) -> list[int]:
    """All keys by which a version is found."""
    return [article_key(fact.article), *marks_of(fact.sketch.minhash), *fact.names]
