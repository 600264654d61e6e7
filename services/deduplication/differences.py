"""What differs between a text and the one that it was made from, in words."""

from __future__ import annotations

import numpy as np

from schemas.articles import Article
from schemas.sketching import Reading, found_in
from schemas.words import tokens_at
from services.deduplication.comparing import OPENING

SHOWN = 5


def differences(article: Article, new: Reading, old: Reading) -> tuple[str, ...]:
    """What is new in the article, each as a short phrase: headline, opening, length, numbers, names."""
    said = []
    if len(new.headline) != len(old.headline) or (new.headline != old.headline).any():
        said.append("another headline")
    if not np.array_equal(new.words[:OPENING], old.words[:OPENING]):
        said.append("another opening")
    if change := _length(len(new.words), len(old.words)):
        said.append(change)
    return (*said, *_new_facts(article, new, old))


def _length(new: int, old: int) -> str:
    if abs(new - old) * 10 <= old:
        return ""
    return f"{new} words instead of {old}"


def _new_facts(article: Article, new: Reading, old: Reading) -> list[str]:
    fresh = new.slots & ~found_in(new.words, np.sort(old.words))
    if not fresh.any():
        return []
    tokens = list(dict.fromkeys(tokens_at(article.text, np.flatnonzero(fresh))))
    numbers = [token for token in tokens if token[0].isdigit()]
    names = [token for token in tokens if token[0].isupper()]
    kinds = (("numbers", numbers), ("names", names))
    return [f"new {kind}: {', '.join(found[:SHOWN])}{' …' * (len(found) > SHOWN)}" for kind, found in kinds if found]
