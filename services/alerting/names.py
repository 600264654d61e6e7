"""Names as people read them, and lines that fit a lock screen: shortened inside names, never inside a status or an attribution."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHORTEST = 5
_STATES = Path(__file__).parent / "state_names.json"


@cache
def _states() -> dict[str, str]:
    return dict(json.loads(_STATES.read_text(encoding="utf-8")))


def name_of(code: str) -> str:
    """The name for people of a state's code; anything else is a name already."""
    return _states().get(code, code)


@dataclass(frozen=True)
class Name:
    """A part of a line that may be shortened."""

    text: str


Piece = str | Name


def joined(names: Sequence[str], last: str = " and ") -> str:
    """`A`, `A and B`, `A, B and C`; more than three are counted."""
    if len(names) > 3:
        return f"{names[0]}, {names[1]}{last}{len(names) - 2} others"
    return last.join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def fitted(lines: Sequence[Sequence[Piece]], limit: int) -> tuple[str, ...]:
    """The lines, with names cut alike until all lines together have at most `limit` characters (never under `SHORTEST` each)."""
    names = sorted((len(piece.text) for line in lines for piece in line if isinstance(piece, Name)), reverse=True)
    fixed = sum(len(piece) for line in lines for piece in line if isinstance(piece, str))
    cap = _cap(names, limit - fixed)
    return tuple("".join(_cut(piece, cap) for piece in line) for line in lines)


def _cap(lengths: Sequence[int], room: int) -> int:
    """The length to which the longest are cut so that all fit; `lengths` from the longest down."""
    rest = sum(lengths)
    if rest <= room:
        return max(lengths, default=SHORTEST)
    for number, (length, after) in enumerate(zip(lengths, (*lengths[1:], 0), strict=True), 1):
        rest -= length
        if (cap := (room - rest) // number) >= after:
            return max(SHORTEST, cap)
    return SHORTEST


def _cut(piece: Piece, cap: int) -> str:
    if isinstance(piece, str):
        return piece
    return piece.text if len(piece.text) <= cap else piece.text[: cap - 1].rstrip(" ,-") + "…"


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in _states().items()}


def code_of(name: str) -> str:
    """The code of a state that people name; anything else stays as it is."""
    return _codes().get(name.strip().casefold(), name)
