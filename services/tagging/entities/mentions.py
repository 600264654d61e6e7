"""Entities of an article: names with their house ids, short forms resolved, salience told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from schemas.entities import Candidate, Entity, EntityType, Salience, TextField
from services.tagging.actors import Named
from services.tagging.entities.gazetteer import Listed
from services.tagging.entities.headlines import headline_names, in_capitals
from services.tagging.entities.names import Document, Name, names_of

LEAD_CHARACTERS = 400
LEADERS = frozenset({"head_of_government", "head_of_state", "former_leader", "office holder", "surname"})


def entities_of(headline: str, text: str) -> list[Named]:
    """Every mention in headline and text, in order, with what the lists say of it."""
    document = Document()
    in_text = names_of(text, document)
    in_headline = headline_names(headline, document, in_text) if in_capitals(headline) else names_of(headline, document)
    _surnames(document, [*in_text, *in_headline])
    fields = [(TextField.headline, _short(in_headline, document)), (TextField.text, _short(in_text, document))]
    about = _about(fields)
    return [_named(name, field, about) for field, names in fields for name in names]


def _surnames(document: Document, names: list[Name]) -> None:
    """Listed persons named in full give their surnames a meaning too."""
    for name in names:
        if name.listed and name.type == "person":
            document.persons.setdefault(name.text.split()[-1], name)


def _short(names: list[Name], document: Document) -> list[Name]:
    return [_resolved(name, document) for name in names]


def _resolved(name: Name, document: Document) -> Name:
    """A surname as the person that the text names in full, before or after."""
    known = document.persons.get(name.text)
    firm = name.listed is not None and name.listed.kind != "surname"
    if known is None or firm or name.type not in {"person", "organisation"} or known.text == name.text:
        return name
    full = known.full or known.text
    return replace(
        name,
        type="person",
        why=f"short for {full}",
        listed=known.listed,
        others=known.others,
        state=known.state,
        full=full if full != name.text else None,
    )


def _key(name: Name) -> str:
    return name.listed.id if name.listed else name.full or name.text


def _about(fields: list[tuple[TextField, list[Name]]]) -> set[str]:
    """What the article is about: named in the headline or the lead, or a third time."""
    counted: Counter[str] = Counter()
    for field, names in fields:
        for name in names:
            early = field is TextField.headline or name.start < LEAD_CHARACTERS
            counted[_key(name)] += 3 if early else 1
    return {key for key, count in counted.items() if count >= 3}


def _named(name: Name, field: TextField, about: set[str]) -> Named:
    listed = name.listed
    full = listed.full if listed else name.full
    entity = Entity(
        text=name.text,
        field=field,
        start=name.start,
        end=name.end,
        type=EntityType(name.type),
        id=listed.id if listed else f"{name.type}/{_slug(full or name.text)}" if name.type != "place" else None,
        name=full if full and full != name.text else None,
        wikidata=listed.wikidata if listed else None,
        country=_country(listed, name),
        salience=Salience.about if _key(name) in about else Salience.mention,
        candidates=tuple(_candidate(other) for other in name.others),
    )
    kind = listed.kind if listed else "name"
    leads = kind in LEADERS and listed is not None and listed.country is not None
    return Named(entity, "leader" if leads else kind, listed.country if listed else name.state)


def _country(listed: Listed | None, name: Name) -> str | None:
    code = listed.country if listed else name.state
    return code if code and len(code) == 2 else None


def _candidate(other: Listed) -> Candidate:
    return Candidate(
        id=other.id,
        name=other.full,
        type=EntityType(other.type),
        country=other.country,
        reason=f"also listed ({other.listed})",
    )


def _slug(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name.casefold()).strip("-")
