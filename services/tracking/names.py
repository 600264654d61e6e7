"""The names in an article: what dossiers are compared with where roles are not stated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.assertions import Assertion
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

    def home(self, name: str) -> str | None:
        """The state of a person whom the article names, if it is known."""
        persons = (e for e in self.entities if e.type is EntityType.person and e.country and key(name) in _spellings(e))
        return next((e.country for e in persons), None)


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
    speakers = (
        keys(_states((said.speaker or "", *said.particulars.get("speaker", ())), names)) if calls else frozenset()
    )
    imposer = tuple(name for name in imposer if key(name) not in keys(target) | speakers)
    return Roles(parties, imposer, target)


def _states(given: tuple[str, ...], names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.home(name) or name for name in given))


def names_in(entities: Iterable[Entity]) -> Names:
    """What these entities say."""
    known = tuple(entities)
    about = [e for e in known if e.country and e.salience is Salience.about]
    headline = [e for e in about if e.field is TextField.headline]
    return Names(known, marks_in(known), frozenset(key(e.country or "") for e in headline or about))
