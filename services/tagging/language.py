"""Language: only English is read; of another the tagger abstains and says so."""

from __future__ import annotations

import re

READ = frozenset({"en"})
COMMON = re.compile(r"\b(?:the|of|and|to|in|a|is|for|on|that|with|as|by|was|said|has|after|from|at)\b", re.IGNORECASE)
WORD = re.compile(r"\w+")
LEAST_WORDS = 30
LEAST_SHARE = 0.06


def unread_language(language: str | None, headline: str, text: str) -> str | None:
    """Why a text is not read, None if it is. A short text of unknown language is taken for English."""
    if language and language.split("-")[0].lower() not in READ:
        return f"language {language} is not read"
    sample = f"{headline}\n{text[:1500]}"
    words = WORD.findall(sample)
    if language is None and len(words) >= LEAST_WORDS and len(COMMON.findall(sample)) < LEAST_SHARE * len(words):
        return "it does not look like English"
    return None
