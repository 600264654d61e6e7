"""The language of a text, told from its words; what the page says counts only where the words are too few."""

from __future__ import annotations

import re

import py3langid

ENOUGH = 200
"""Characters from which the words are believed over what the page says of itself."""
SAMPLE = 2000
_CODE = re.compile(r"^([a-z]{2})(?:[-_].*)?$", re.IGNORECASE)


def language_of(text: str, *said: str | None) -> str | None:
    """ISO 639-1 of the text; of a short text what was said of it (the first code counts), None where it cannot be told."""
    if len(text) < ENOUGH:
        code = next((found[1].lower() for one in said if one and (found := _CODE.match(one.strip()))), None)
        if code or not text.strip():
            return code
    return str(py3langid.classify(text[:SAMPLE])[0])
