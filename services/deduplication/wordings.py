"""Where the exact wording of remembered versions is read from: a promise, its form in memory, and its form in bytes."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import numpy as np

from schemas.sketching import Reading

_COUNTS = struct.Struct("<III")
FORM = 1
"""Number of the form below, first byte of every record: another form is a miss."""


class Wordings(Protocol):
    """The readings of versions by their place in `articles-extracted`.

    A version's reading is a function of the message at that place. Whatever is kept here only saves reading the log: it may be lost
    at any time and no decision changes.
    """

    def keep(self, offset: int, version: UUID, reading: Reading) -> None:
        """Make this reading quick to get."""
        ...

    def read(self, offset: int, version: UUID) -> Reading:
        """The reading of the version that was extracted at this offset. Raises `Retry` while the log is away."""
        ...

    def forget(self, before: int) -> None:
        """Let go of the readings below this offset: nothing remembered stands there."""
        ...


@dataclass
class WordingsInMemory:
    """For trials and tests: all that was kept, as bytes."""

    held: dict[int, bytes] = field(default_factory=dict)

    def keep(self, offset: int, version: UUID, reading: Reading) -> None:
        """Make this reading quick to get."""
        self.held[offset] = packed(reading)

    def read(self, offset: int, version: UUID) -> Reading:
        """The reading at this offset. Raises `KeyError` where nothing was kept."""
        return unpacked(self.held[offset])

    def forget(self, before: int) -> None:
        """Let go of the readings below this offset."""
        self.held = {offset: body for offset, body in self.held.items() if offset >= before}


def packed(reading: Reading) -> bytes:
    """A reading in bytes."""
    parts = (reading.words, np.packbits(reading.slots), reading.headline)
    terms = (reading.terms.astype("<u4"), reading.weights.astype("u1"))
    counts = _COUNTS.pack(len(reading.words), len(reading.headline), len(reading.terms))
    return bytes([FORM]) + counts + b"".join(part.tobytes() for part in (*parts, *terms))


def unpacked(body: bytes) -> Reading:
    """The reading in these bytes. Raises `ValueError` for another form."""
    if body[:1] != bytes([FORM]):
        raise ValueError(
            f"a reading of form {body[:1].hex() or 'nothing'}, this version reads form {FORM}: read the log"
        )
    words, headline, terms = _COUNTS.unpack_from(body, 1)
    at = 1 + _COUNTS.size
    bits = (words + 7) // 8
    slots = np.frombuffer(body, dtype="u1", count=bits, offset=at + 8 * words)
    behind = at + 8 * words + bits
    last = behind + 8 * headline
    return Reading(
        words=np.frombuffer(body, dtype="<u8", count=words, offset=at),
        slots=np.unpackbits(slots, count=words).astype(np.bool_),
        headline=np.frombuffer(body, dtype="<u8", count=headline, offset=behind),
        terms=np.frombuffer(body, dtype="<u4", count=terms, offset=last).astype(np.int64),
        weights=np.frombuffer(body, dtype="u1", count=terms, offset=last + 4 * terms).astype(np.int64),
    )
