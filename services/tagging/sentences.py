"""A text as sentences with offsets that prove them."""

from __future__ import annotations

import re
from typing import NamedTuple

import sentencex

BLANK = re.compile(r"\n\s*\n|\n(?=\s*[-•*] )")
DATELINE = re.compile(
    r"^(?:[A-Z][A-Z.,’' -]{2,40}|[A-Z][\w.’' -]{2,30}(?:, [A-Z][\w. ]{2,20})?) ?(?:\([A-Za-z /]{2,30}\))? ?(?:—|–|--|-) ?"
)


class Sentence(NamedTuple):
    """`text` is exactly the field's characters from `start` to `end`; `place` counts sentences from 0, `paragraph` paragraphs."""

    text: str
    field: str
    start: int
    end: int
    place: int
    paragraph: int


def sentences_of(text: str, field: str) -> list[Sentence]:
    """The sentences of one field in order. A headline is one sentence."""
    if field == "headline":
        return [Sentence(text, field, 0, len(text), 0, 0)] if text.strip() else []
    found: list[Sentence] = []
    for number, (start, end) in enumerate(_paragraphs(text)):
        for left, right in _bounds(text, start, end):
            found.append(Sentence(text[left:right], field, left, right, len(found), number))
    return found


def _paragraphs(text: str) -> list[tuple[int, int]]:
    edges = [0, *(edge for match in BLANK.finditer(text) for edge in match.span()), len(text)]
    return [(left, right) for left, right in zip(edges[::2], edges[1::2], strict=True) if text[left:right].strip()]


def _bounds(text: str, start: int, end: int) -> list[tuple[int, int]]:
    piece = text[start:end]
    found = []
    for part in sentencex.get_sentence_boundaries("en", piece):
        left, right = start + part["start_index"], start + part["end_index"]
        if stripped := text[left:right].strip():
            left += text[left:right].index(stripped)
            found.append((left, left + len(stripped)))
    return found
