"""A message as the shells pass it on, and how one ended: the same for Faust, kafka-python and a pool of processes."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.base import Position
from schemas.outcomes import Outcome

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Message:
    """One record of the log, raw. `position.topic` is without namespace, `timestamp_ms` is the record's."""

    position: Position
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp_ms: int


@dataclass(frozen=True)
class Record:
    """One record on its way out. `topic` is without namespace."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True)
class Done:
    """How a message ended: the records that leave, in order, and what is said of it.

    `sentence` is for the dead letter and may quote the message; `place` (an exception's type and line) and `detail` are
    for logs. `trace` and `root_at` (Unix seconds) are empty for what could not be read.
    """

    outcome: Outcome
    records: tuple[Record, ...] = ()
    sentence: str = ""
    place: str = ""
    detail: str = ""
    fact: str = ""
    id: str = ""
    trace: str = ""
    root_at: float | None = None
