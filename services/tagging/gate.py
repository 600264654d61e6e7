"""The gate: whether a text has any word of a family. Words are data (`tagging.gate` of the family's file)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import re2

from services.tagging.lexicon import Reading, readings

STOPPED = "stopped"


def words_of_gate(headline: str, text: str, known: Mapping[str, Reading] | None = None) -> dict[str, str]:
    """The first word of each family's gate that the text holds, by family; empty if the gate stops it."""
    whole = f"{headline}\n{text}".lower()
    families = readings() if known is None else known
    return {name: match[0] for name, reading in families.items() if (match := gate_of(reading.gate).search(whole))}


@cache
def gate_of(parts: tuple[str, ...]) -> Any:
    """The parts as one pattern over lower-case text, matched in time linear in the text."""
    return re2.compile(rf"\b(?:{'|'.join(parts)})" if parts else r"$^\b")
