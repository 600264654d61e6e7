"""Where the exact wording of remembered versions is read from: a promise, its form in memory, and its form in bytes."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import numpy as np

from schemas.sketching import Reading

_HEAD = struct.Struct("<IIII")
FORM = 2
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
    """A reading in bytes; the widest numbers come first, so that each stands where it can be read in place."""
    head = _HEAD.pack(FORM, len(reading.words), len(reading.headline), len(reading.terms))
    parts = (reading.words, reading.headline, reading.terms, reading.weights, np.packbits(reading.slots))
    return head + b"".join(part.tobytes() for part in parts)


def unpacked(body: bytes) -> Reading:
    """The reading in these bytes. Raises `ValueError` for another form."""
    if len(body) < _HEAD.size or body[0] != FORM:
        raise ValueError(
            f"a reading of form {body[:1].hex() or 'nothing'}, this version reads form {FORM}: read the log"
        )
    _, words, headline, terms = _HEAD.unpack_from(body)
    at = _HEAD.size + 8 * (words + headline)
    hashes = np.frombuffer(body, dtype="<u8", count=words + headline, offset=_HEAD.size)
    slots = np.frombuffer(body, dtype="u1", offset=at + 5 * terms)
    return Reading(
        words=hashes[:words],
        slots=np.unpackbits(slots, count=words).view(np.bool_),
        headline=hashes[words:],
        terms=np.frombuffer(body, dtype="<u4", count=terms, offset=at),
        weights=np.frombuffer(body, dtype="u1", count=terms, offset=at + 4 * terms),
    )
