"""The names in an article: what dossiers are compared with where roles are not stated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.assertions import Assertion, SpeakerRole
from schemas.entities import Entity, EntityType, Salience, TextField
from services.tracking.dossiers import Roles
from services.tracking.roles import key, keys


@dataclass(frozen=True)
class Names:
    """`hints` are the states and names of an article; `actors` the states that its headline, else its text, is about."""

    entities: tuple[Entity, ...]
    hints: frozenset[str]
    actors: frozenset[str]

    def in_sentence(self, said: Assertion) -> frozenset[str]:
        """The states and names that stand in the very sentence of an assertion."""
        inside = (e for e in self.entities if e.field is said.field and said.start <= e.start and e.end <= said.end)
        return marks_in(inside)

    def is_institution(self, name: str) -> bool:
        """Whether the article names it as a person or an organisation, and nowhere as a group: such a one does not fight."""
        types = {e.type for e in self.entities if key(name) in _spellings(e)}
        return bool(types) and types <= {EntityType.person, EntityType.organisation}

    def home(self, name: str) -> str | None:
        """The state of a person whom the article names, if it is known."""
        persons = (e for e in self.entities if e.type is EntityType.person and e.country and key(name) in _spellings(e))
        return next((e.country for e in persons), None)


OUTSIDE = frozenset({SpeakerRole.third_state, SpeakerRole.mediator, SpeakerRole.guarantor, SpeakerRole.analyst})
"""Speakers who are no party to what they speak of."""


def _spellings(entity: Entity) -> frozenset[str]:
    return frozenset(key(name) for name in (entity.text, entity.name) if name)


def marks_in(entities: Iterable[Entity]) -> frozenset[str]:
    """Names and states, as dossiers are compared by them."""
    return frozenset(key(mark) for e in entities for mark in (e.country, e.name, e.text) if mark)


def credible(said: Assertion, names: Names, *, calls: bool) -> Roles:
    """The roles that an assertion states, without those that cannot be: nobody is a target of his own measures, who calls for a measure
    is not its imposer, and a person stands for his state.
    """
    parties, imposer, target = (_states(given, names) for given in (said.parties, said.imposer, said.target))
    said_by = keys(_states((said.speaker or "", *said.particulars.get("speaker", ())), names))
    if said.speaker_role in OUTSIDE:
        parties = _without(parties, said_by)
    parties = _without(parties, frozenset(key(name) for name in parties if names.is_institution(name)))
    imposer = tuple(name for name in imposer if key(name) not in keys(target) | (said_by if calls else frozenset()))
    return Roles(parties, imposer, target)


def _without(parties: tuple[str, ...], others: frozenset[str]) -> tuple[str, ...]:
    """The parties that are none of the others; all of them, if none would be left."""
    return tuple(name for name in parties if key(name) not in others) or parties


def _states(given: tuple[str, ...], names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.home(name) or name for name in given))


def names_in(entities: Iterable[Entity]) -> Names:
    """What these entities say."""
    known = tuple(entities)
    about = [e for e in known if e.country and e.salience is Salience.about]
    headline = [e for e in about if e.field is TextField.headline]
    return Names(known, marks_in(known), frozenset(key(e.country or "") for e in headline or about))
