"""What an assertion offers to find its dossier by, and what speaks for a dossier beside the roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas.assertions import Assertion
from schemas.families import Family
from services.tracking.dossiers import Dossier, Roles
from services.tracking.roles import key, keys, marks_of, sides
from services.tracking.sameness import differing, polarity_of, same_time

SILENT_DAYS = {"parties": 180, "target": 730}
"""Days of silence after which a dossier is no longer the running matter, by the role that names its family."""
RUNNING_DAYS = 7
CLOSE_DAYS = 30
ECHO_DAYS = 2


@dataclass(frozen=True)
class Clue:
    """What an assertion offers to find its dossier by: its roles, and what its article says around them."""

    family: Family
    roles: Roles
    lands: frozenset[str]
    places: frozenset[str]
    theatre: str | None
    story: UUID | None
    hints: frozenset[str]
    actors: frozenset[str]
    sentence: frozenset[str]
    at: datetime
    said: Assertion
    called: bool = False
    """Whether somebody only calls for the step."""
    crowded: bool = False
    """Whether several imposers have running measures on the target: then a measure of nobody named is none of theirs."""
    said_here: frozenset[UUID] = frozenset()
    """Dossiers that the same article has spoken of."""


@dataclass(frozen=True)
class Match:
    """A dossier that fits, how well (only for comparing), and the reason in words."""

    dossier: Dossier
    weight: float
    reason: str


def silent_days(family: Family) -> int:
    """How long a dossier of this family may be silent and still be the running matter."""
    return next(days for role, days in SILENT_DAYS.items() if role in family.roles)


def best(matches: Iterable[Match]) -> Match | None:
    """The heaviest; of equal ones the most recently heard of, then the older dossier, then the smaller id."""
    return max(
        matches,
        key=lambda m: (m.weight, m.dossier.heard, -m.dossier.opened.timestamp(), str(m.dossier.id)),
        default=None,
    )


def age(dossier: Dossier, clue: Clue) -> float:
    return (clue.at - dossier.heard).total_seconds() / 86400


def stale(dossier: Dossier, clue: Clue) -> bool:
    return age(dossier, clue) > silent_days(clue.family)


def around(dossier: Dossier, clue: Clue) -> float:
    """What speaks for a dossier beside the roles: story, theatre, names in the article, the same article, nearness in time."""
    weight = 3.0 * bool(clue.story in dossier.stories) + 1.5 * (dossier.id in clue.said_here)
    weight += 1.0 * same_theatre(dossier, clue) + 2.0 * echoes(dossier, clue)
    weight += min(1.5, 0.75 * len(clue.hints & marks_of(dossier)))
    return weight + max(0.0, 1.0 - age(dossier, clue) / CLOSE_DAYS)


def echoes(dossier: Dossier, clue: Clue) -> bool:
    """Whether the assertion tells what the dossier has just done: its status, its time, and no particular that differs."""
    said, status = clue.said, clue.family.statuses[clue.said.status]
    polarity = polarity_of(said)
    return any(
        (taken.status, taken.polarity) == (said.status, polarity)
        and (clue.at - taken.at).total_seconds() <= ECHO_DAYS * 86400
        and same_time(said.reality, taken)
        and differing(status, said.particulars, taken.particulars) is None
        for taken in reversed(dossier.taken)
    )


def same_theatre(dossier: Dossier, clue: Clue) -> bool:
    theatre = {key(dossier.theatre)} if dossier.theatre else frozenset[str]()
    return bool(theatre & ({key(clue.theatre)} if clue.theatre else clue.places))


def one_role(ours: frozenset[str], theirs: frozenset[str]) -> float | None:
    """4 the same, 3 at least half shared, 2 less, 1 when only one side states it, 4 when neither does, None if they differ."""
    if ours == theirs:
        return 4.0
    if not ours or not theirs:
        return 1.0
    if not (shared := ours & theirs):
        return None
    return 3.0 if 2 * len(shared) >= len(ours | theirs) else 2.0


def on_itself(dossier: Dossier, clue: Clue) -> bool:
    """Whether together they would have somebody impose measures on himself."""
    imposer = keys(dossier.roles.imposer) | keys(clue.roles.imposer)
    return bool(imposer & (sides(dossier.roles.target) | sides(clue.roles.target)))


def acted_by_another(dossier: Dossier, clue: Clue) -> bool:
    """Whether the headline names states that may be the missing imposer, and none of them is the dossier's."""
    theirs = keys(dossier.roles.imposer)
    return bool(clue.actors and theirs and not keys(clue.roles.imposer) and not clue.actors & theirs)


def upon_nobody(dossier: Dossier, clue: Clue) -> bool:
    """Whether one of the two is a call upon nobody named, and the other has an imposer: calls upon all are nobody's measures."""
    if clue.story in dossier.stories or dossier.id in clue.said_here:
        return False
    ours, theirs = keys(clue.roles.imposer), keys(dossier.roles.imposer)
    only_called = bool(dossier.taken) and all((clue.family.rung(t.status) or ("", 1))[1] == 0 for t in dossier.taken)
    if ours and not theirs:
        return only_called or clue.crowded
    return bool(clue.called and theirs and not ours)
