"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 14
MOST_WORDS = 6_000
_WORDS = re.compile(r"\s*\S+")


@dataclass(frozen=True)
class Run:
    """Words that stayed (`same`), came (`added`) or went (`gone`); `left_out` stands for a long run that stayed."""

    kind: str
    text: str


def difference(before: str, after: str) -> tuple[Run, ...]:
    """The runs of words from the old text to the new one; of long runs that stayed only the edges. At most 6,000 words of each."""
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    found: list[Run] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            found += _edges(new[k:m], first=k == 0, last=m == len(new))
        else:
            found += [Run("gone", "".join(old[i:j])), Run("added", "".join(new[k:m]))]
    return tuple(run for run in found if run.text)


def is_changed(runs: tuple[Run, ...]) -> bool:
    """Whether any word came or went."""
    return any(run.kind in ("added", "gone") for run in runs)


def _words(text: str) -> list[str]:
    return _WORDS.findall(f" {text}")[:MOST_WORDS]


def _edges(words: list[str], *, first: bool, last: bool) -> Iterator[Run]:
    if len(words) <= 2 * AROUND:
        yield Run("same", "".join(words))
        return
    if not first:
        yield Run("same", "".join(words[:AROUND]))
    yield Run("left_out", " … ")
    if not last:
        yield Run("same", "".join(words[-AROUND:]))
