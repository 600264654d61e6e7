"""What a rule is asked about: one step with all that a clause can look at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.articles import Head
from schemas.assertions import Attribution
from schemas.entities import Entity, EntityType
from schemas.families import families
from schemas.steps import Kind, Past, Step
from services.alerting.names import code_of

_WORD = re.compile(r"\w+")
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Subject:
    """One step as rules see it. Names in roles, entities and places stand as codes and, in small letters, as names."""

    family: str
    status: str
    group: str = ""
    kind: str = "new"
    reality: str = "actual"
    polarity: str = "affirmed"
    roles: dict[str, frozenset[str]] = field(default_factory=dict)
    entities: frozenset[str] = NOTHING
    places: frozenset[str] = NOTHING
    sources: frozenset[str] = NOTHING
    languages: frozenset[str] = NOTHING
    text: str = ""
    confirmed: bool = False
    confidence: float = 1.0
    origins: int = 1
    tier: int = 2
    new_names: int | None = None
    age_seconds: float | None = None
    at: datetime | None = None
    dossier: UUID | None = None
    earlier: tuple[tuple[str, datetime], ...] = ()


def plain(name: str) -> str:
    """A name as it is compared: in small letters, without surrounding blanks."""
    return name.strip().casefold()


def padded(text: str) -> str:
    """The words of a text in small letters, each between blanks, so that a phrase is a substring."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def backing_of(step: Step, head: Head | None) -> tuple[int, int]:
    """How many independent origins say what the step says, and the best tier of them; who said what it contradicts does not count."""
    if step.kind is Kind.contradicted and head is not None:
        return 1, head.outlet.tier
    return max(1, len(step.origins)), step.best_tier


def is_done(step: Step | Past) -> bool:
    """Whether it is told as a thing that happened."""
    return step.reality == "actual" and step.polarity == "affirmed"


def subject_of(step: Step, head: Head | None, entities: Iterable[Entity] = (), at: datetime | None = None) -> Subject:
    """What rules are asked about this step of this article, at this time of the log."""
    said, named = step.assertion, tuple(entities)
    origins, tier = backing_of(step, head)
    return Subject(
        family=step.family,
        status=step.status,
        group=families()[step.family].statuses[step.status].group,
        kind=step.kind.value,
        reality=step.reality,
        polarity=step.polarity,
        roles=_roles(step),
        entities=_plain(form for each in named for form in _forms(each)),
        places=_places(step, named),
        sources=_plain((head.outlet.source, head.outlet.name)) if head else NOTHING,
        languages=_plain((head.language,)) if head and head.language else NOTHING,
        text=padded(f"{head.headline if head else ''} {said.evidence if said else ''}"),
        confirmed=_is_confirmed(step, head),
        confidence=said.confidence if said else 1.0,
        origins=origins,
        tier=tier,
        new_names=said.list_size if said else None,
        age_seconds=(at - (head.published or head.fetched)).total_seconds() if head and at else None,
        at=at,
        dossier=step.dossier.id,
        earlier=tuple((past.status, past.at) for past in step.before if is_done(past)),
    )


def subject_from(words: dict[str, Any]) -> Subject:
    """A subject as an example in a rule writes it: `{family: ceasefire, status: agreed, party: [IL, LB], text: …}`.

    Raises `ValueError` for a key that no clause looks at.
    """
    roles = {role: _plain(_many(words[role])) for role in ("party", "imposer", "target", "speaker") if role in words}
    rest = {key: value for key, value in words.items() if key not in roles}
    if strays := rest.keys() - Subject.__dataclass_fields__.keys():
        raise ValueError(f"an example has no {min(strays)!r}; it has {', '.join(Subject.__dataclass_fields__)}")
    for name in ("entities", "places", "sources", "languages"):
        rest[name] = _plain(_many(rest.get(name, ())))
    group = families()[rest["family"]].statuses[rest["status"]].group
    return Subject(**{"group": group, **rest, "roles": roles, "text": padded(rest.get("text", ""))})


def _many(value: Any) -> Iterable[str]:
    return (value,) if isinstance(value, str) else value


def _plain(names: Iterable[str | None]) -> frozenset[str]:
    return frozenset(form for name in names if name for form in (plain(name), plain(code_of(name))))


def _roles(step: Step) -> dict[str, frozenset[str]]:
    said, dossier = step.assertion, step.dossier
    stated = {
        "party": (*dossier.parties, *(said.parties if said else ())),
        "imposer": (*dossier.imposer, *(said.imposer if said else ())),
        "target": (*dossier.target, *(said.target if said else ())),
        "speaker": (said.speaker,) if said and said.speaker else (),
    }
    return {role: _plain(names) for role, names in stated.items()}


def _forms(entity: Entity) -> tuple[str | None, ...]:
    return entity.text, entity.name, entity.id, entity.country


def _places(step: Step, entities: Iterable[Entity]) -> frozenset[str]:
    said = step.assertion
    named = [form for each in entities if each.type is EntityType.place for form in _forms(each)]
    return _plain((*named, *((*said.place, said.theatre) if said else ())))


def _is_confirmed(step: Step, head: Head | None) -> bool:
    legal = head is not None and head.outlet.tier == 0
    return legal or (step.assertion is not None and step.assertion.attribution is Attribution.confirmed)
