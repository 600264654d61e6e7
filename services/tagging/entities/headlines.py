"""Names in headlines whose words all begin with capitals: there a capital says nothing, only lists and the text below do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.tagging.entities.gazetteer import gazetteer
from services.tagging.entities.names import Document, Name, listed_name, sure
from services.tagging.entities.shapes import PERSON_TITLES, SMALL

WORDS = re.compile(r"[^\W\d_][\w'’-]*")
LEAST = 4
"""Long words that a headline must have before its capitals are counted."""


def in_capitals(headline: str) -> bool:
    """Whether nearly all long words of a headline begin with a capital."""
    long = [word for word in WORDS.findall(headline) if len(word) > 3 and word.lower() not in SMALL]
    return len(long) >= LEAST and sum(word[0].isupper() for word in long) >= 0.9 * len(long)


def headline_names(headline: str, document: Document, in_text: Sequence[Name]) -> list[Name]:
    """The listed names of a headline in capitals, and those of the text that stand in it again."""
    shown = _lowered(headline)
    names = [listed_name(shown, found) for found in gazetteer().find(shown) if sure(shown, found)]
    covered = {place for name in names for place in range(name.start, name.end)}
    names.extend(n for n in _again(shown, document, in_text) if n.start not in covered and n.end - 1 not in covered)
    return sorted((replace(name, text=headline[name.start : name.end]) for name in names), key=lambda n: n.start)


def _lowered(headline: str) -> str:
    """A headline in nothing but capitals with capitals at the beginning of its words alone; acronyms that are listed stay."""
    if headline.upper() != headline:
        return headline
    known = gazetteer().meanings
    return WORDS.sub(lambda word: word[0] if word[0] in known else word[0][:1] + word[0][1:].lower(), headline)


def _again(headline: str, document: Document, in_text: Sequence[Name]) -> Iterator[Name]:
    """What the text names, by its full name or by the surname of a person."""
    known = {name.text: name for name in reversed(in_text)} | document.persons
    spellings = [text for text in known if text in headline]
    taken: set[int] = set()
    for text in sorted(spellings, key=len, reverse=True):
        for match in re.finditer(rf"(?<![\w-]){re.escape(text)}(?![\w-])", headline):
            if match.start() not in taken and text.lower() not in PERSON_TITLES:
                taken |= set(range(*match.span()))
                why = f"the text below names {known[text].text}"
                full = known[text].full or known[text].text
                yield replace(known[text], start=match.start(), end=match.end(), text=text, why=why, full=full)
