"""Genre: what kind of text it is, by its headline, its first words and what it calls itself."""

from __future__ import annotations

from services.tagging.lexicon import Reading, english

LEAD = 300
LONG_LEAD = 3000
IN_HEADLINE = frozenset({"question", "remembrance"})
SPORT_AT_LEAST = 3


def senses_of(reading: Reading, headline: str, text: str) -> frozenset[str]:
    """How much the text's words speak for the family's sense and for another, in steps."""
    whole = f"{headline}\n{text[:LONG_LEAD]}"
    return frozenset(
        f"sense {name}={_step(len({match.lower() for match in pattern.findall(whole)}))}"
        for name, pattern in (("for", reading.speaks_for), ("against", reading.speaks_against))
        if pattern is not None
    )


def _step(count: int) -> str:
    return str(count) if count < 3 else "3-5" if count < 6 else "6+"


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
