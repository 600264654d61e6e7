"""Comparing roles: when two lists of parties, imposers or targets may be the same matter."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemas.assertions import Assertion
from schemas.entities import Entity
from services.tracking.dossiers import Dossier, Roles

_KINDS = (
    "rebels? militants? separatists? insurgents? opposition gunmen fighters? guerrillas? militias? factions? army troops forces armed military"
    " government authorities individuals? officials? entities companies banks people persons? groups? and other pro anti foreign local the"
)
NAMELESS = re.compile(rf"(?:(?:{'|'.join(_KINDS.split())})\b[\s-]*)+", re.IGNORECASE)
"""Words that name a kind of side and no side: a role of nothing but these matches any."""


def key(name: str) -> str:
    """A role as it is compared: case and a leading article do not count."""
    return name.casefold().removeprefix("the ").strip()


def keys(names: Iterable[str]) -> frozenset[str]:
    """The roles that name somebody, as they are compared."""
    return frozenset(key(name) for name in names if not NAMELESS.fullmatch(name))


def is_land(name: str) -> bool:
    """Whether a role is a state's code or a body's short code (`RU`, `EU`, `UN`), and no name."""
    return name.isupper() and len(name) == 2


def sides(target: Iterable[str]) -> frozenset[str]:
    """The target as a dossier is known by it: the states in it, or, if there are none, the names."""
    names = tuple(target)
    return keys(name for name in names if is_land(name)) or keys(names)


def roles_of(assertion: Assertion) -> Roles:
    """The roles that an assertion states."""
    return Roles(assertion.parties, assertion.imposer, assertion.target)


def lands_of(roles: Roles, entities: Iterable[Entity]) -> frozenset[str]:
    """The states involved: those among the roles, and the home of each group among them, as far as the text's entities tell it."""
    named = {*roles.parties, *roles.imposer, *roles.target}
    homes = {e.country for e in entities if e.country and (e.text in named or e.name in named)}
    return frozenset(key(name) for name in (*(n for n in named if is_land(n)), *homes))


def joined(ours: tuple[str, ...], theirs: Iterable[str]) -> tuple[str, ...]:
    """Our roles and those of theirs that are new, in order."""
    known = {key(name) for name in ours}
    return (*ours, *(name for name in dict.fromkeys(theirs) if key(name) not in known))


def all_keys(roles: Roles) -> frozenset[str]:
    """Every role that names somebody."""
    return keys(roles.parties) | keys(roles.imposer) | keys(roles.target)


def stated(roles: Roles, wanted: Iterable[str]) -> bool:
    """Whether every role that names a dossier of this family is stated."""
    return all(keys(getattr(roles, name)) for name in wanted)


def marks_of(dossier: Dossier) -> frozenset[str]:
    """What a dossier can be found by: its roles, the states involved, its theatre."""
    theatre = {key(dossier.theatre)} if dossier.theatre else set()
    return all_keys(dossier.roles) | dossier.lands | theatre
