"""The dossier of an assertion whose roles are missing or cannot be right: by article, story, names, or as the only running matter."""

from __future__ import annotations

from collections.abc import Iterable

from services.tracking.clues import (
    CLOSE_DAYS,
    ECHO_DAYS,
    RUNNING_DAYS,
    Clue,
    Match,
    acted_by_another,
    age,
    around,
    best,
    echoes,
    on_itself,
    one_role,
    stale,
    upon_nobody,
)
from services.tracking.dossiers import Dossier
from services.tracking.draft import Draft
from services.tracking.roles import is_land, key, keys, sides


def without_roles(draft: Draft, clue: Clue) -> Match | None:
    """No role is stated: by the same article, the story, the names, or because nothing else of the family is running."""
    family = clue.family.family
    near = [
        Match(d, 5 + around(d, clue), "said in a report on it")
        for d in map(draft.get, clue.said_here)
        if d and d.family == family
    ]
    if not near and clue.story:
        near = [Match(d, 3 + around(d, clue), "the same story") for d in draft.with_story(family, clue.story)]
    if not near:
        near = [m for d in _named(draft, clue) if (m := _by_names(d, clue)) is not None]
    if not near:
        near = _echoing(draft, clue)
    return best(m for m in near if not stale(m.dossier, clue)) or _only_running(draft, clue)


def _named(draft: Draft, clue: Clue) -> list[Dossier]:
    marks = clue.hints | clue.places | ({key(clue.theatre)} if clue.theatre else set())
    found = {d.id: d for mark in sorted(marks) for d in draft.with_role(clue.family.family, mark)}
    return list(found.values())


def _by_names(dossier: Dossier, clue: Clue) -> Match | None:
    """Names of the article stand in the dossier, and it was heard of lately."""
    if age(dossier, clue) > CLOSE_DAYS:
        return None
    return Match(dossier, around(dossier, clue), "roles not stated; found by names and time")


def _echoing(draft: Draft, clue: Clue) -> list[Match]:
    """The one running dossier that has just done what the report tells; none if several have."""
    found: list[Dossier] = []
    for dossier in draft.latest(clue.family.family):
        if age(dossier, clue) > ECHO_DAYS or len(found) > 1:
            break
        if echoes(dossier, clue) and not elsewhere(dossier, clue):
            found.append(dossier)
    return [Match(d, 0, "roles not stated; it has just done what is told") for d in found] if len(found) == 1 else []


def elsewhere(dossier: Dossier, clue: Clue) -> bool:
    """Whether the article names states, and none of the dossier's."""
    lands = clue.hints | clue.lands
    return bool(lands and dossier.lands and not lands & dossier.lands)


def only_with_role(dossiers: Iterable[Dossier], clue: Clue) -> Match | None:
    """The only running dossier with the role that is stated, where the other is not."""
    running = [d for d in dossiers if age(d, clue) <= RUNNING_DAYS and _half(d, clue)]
    reason = "one role not stated; the only running matter with the other"
    return Match(running[0], 0, reason) if len(running) == 1 else None


def _half(dossier: Dossier, clue: Clue) -> bool:
    if acted_by_another(dossier, clue) or on_itself(dossier, clue) or upon_nobody(dossier, clue):
        return False
    imposer = one_role(keys(clue.roles.imposer), keys(dossier.roles.imposer))
    target = one_role(sides(clue.roles.target), sides(dossier.roles.target))
    return imposer is not None and target is not None and max(imposer, target) >= 3 and not elsewhere(dossier, clue)


def only_of_party(dossiers: Iterable[Dossier], clue: Clue) -> Match | None:
    """The only running dossier of one of the parties, where the other was read differently: a state for a group, or a state that mediates."""
    ours = keys(clue.roles.parties)
    running = [d for d in dossiers if age(d, clue) <= CLOSE_DAYS and ours & keys(d.roles.parties)]
    if len(running) != 1:
        return None
    shared = ours & keys(running[0].roles.parties)
    others = (ours - shared, keys(running[0].roles.parties) - shared)
    lands = [all(is_land(name.upper()) for name in names) for names in others]
    if lands[0] == lands[1] and not any(names <= GO_BETWEENS for names in others):
        return None
    return Match(
        running[0], 0, f"the only running matter of {', '.join(sorted(shared))}; the other party was told differently"
    )


GO_BETWEENS = frozenset({"us", "ru", "gb", "fr", "de", "eg", "qa", "tr", "sa", "cn", "un", "eu"})
"""States that speak of others' truces so often that a report may name them in a party's place."""


def _only_running(draft: Draft, clue: Clue) -> Match | None:
    running: list[Dossier] = []
    for dossier in draft.latest(clue.family.family):
        if age(dossier, clue) > RUNNING_DAYS or len(running) > 1:
            break
        running.append(dossier)
    fits = len(running) == 1 and not elsewhere(running[0], clue)
    return Match(running[0], 0, "roles not stated; the only running matter of its family") if fits else None
