"""A sentence as words with offsets."""

from __future__ import annotations

import re
from typing import NamedTuple

WORD = re.compile(r"(?:[A-Za-z]\.){2,}|\d[\d.,:]*\d\w*|\w+(?:[-’'&/]\w+)*|[^\w\s]")
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


class Word(NamedTuple):
    """One word: `low` in lower case with straight apostrophes and without a possessive ending; offsets count in the sentence."""

    text: str
    low: str
    start: int
    end: int
    possessive: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()


def words_of(sentence: str) -> list[Word]:
    """The words and marks of a sentence, in order."""
    return [_word(match) for match in WORD.finditer(sentence)]


def _word(match: re.Match[str]) -> Word:
    text = match[0]
    bare = POSSESSIVE.sub("", text)
    return Word(text, bare.lower().replace("’", "'"), match.start(), match.end(), bare != text)
