"""Loops over whole numbers as machine code: `compiled` makes a function of arrays as fast as it would be in C.

The code is made when a module is imported for the first time and kept beside its source, where that can be written. Whole numbers give
the same answers as in Python; nothing here rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit, types

Loop = Callable[..., Any]


def _read(kind: Any) -> Any:
    return types.Array(kind, 1, "C", readonly=True)


NOTHING, NUMBER, WORD, SHARE = types.void, types.int64, types.uint64, types.float64
READ_BITS, READ_U8, READ_U32, READ_U64 = (
    _read(kind) for kind in (types.boolean, types.uint8, types.uint32, types.uint64)
)
READ_I32, READ_I64 = _read(types.int32), _read(types.int64)
BITS, U8, U32, U64, I32, I64 = (
    types.Array(kind, 1, "C")
    for kind in (types.boolean, types.uint8, types.uint32, types.uint64, types.int32, types.int64)
)


def several(*results: Any) -> Any:
    """The type of a function that returns several values."""
    tuple_of: Any = types.Tuple
    return tuple_of(results)


def compiled(result: Any, *arguments: Any) -> Callable[[Loop], Loop]:
    """Make a function of these types machine code; arrays of the names with READ may also be read-only ones."""

    def made(function: Loop) -> Loop:
        signature = result(*arguments)
        try:
            loop: Loop = njit(signature, cache=True, nogil=True)(function)
        except RuntimeError:  # no folder can be written: the code is made anew in each process
            loop = njit(signature, nogil=True)(function)
        return loop

    return made
