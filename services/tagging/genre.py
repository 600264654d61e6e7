"""Genre: what kind of text it is, by its headline, its first words and what it calls itself."""

from __future__ import annotations

from services.tagging.lexicon import english

LEAD = 300
IN_HEADLINE = frozenset({"question"})
SPORT_AT_LEAST = 3


def genre_of(headline: str, text: str) -> frozenset[str]:
    """The genres that the text shows, such as opinion, explainer, live; empty for plain news."""
    found = set()
    for name, pattern in english().genres.items():
        if name == "sport":
            if len(pattern.findall(f"{headline}\n{text[:1500]}")) >= SPORT_AT_LEAST:
                found.add(name)
        elif pattern.search(headline) or (name not in IN_HEADLINE and pattern.search(text[:LEAD])):
            found.add(name)
    return frozenset(found)
