"""Which dossier an assertion belongs to, with the reason; none, if it opens one of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas.assertions import Assertion
from schemas.families import Family
from services.tracking.dossiers import Dossier, Roles
from services.tracking.draft import Draft
from services.tracking.names import Names
from services.tracking.roles import all_keys, key, keys, lands_of, marks_of, sides
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


def find(draft: Draft, clue: Clue) -> Match | None:
    """The dossier that fits best; None if none fits."""
    wanted = frozenset().union(*(keys(getattr(clue.roles, role)) for role in clue.family.roles))
    if not wanted:
        return _without_roles(draft, clue)
    seen: dict[UUID, Dossier] = {
        d.id: d
        for role in sorted(wanted | clue.lands | clue.sentence)
        for d in draft.with_role(clue.family.family, role)
    }
    if clue.story:
        seen |= {d.id: d for d in draft.with_story(clue.family.family, clue.story)}
    weigh = _parties if "parties" in clue.family.roles else _measures
    open_ones = [d for d in seen.values() if not _stale(d, clue)]
    return _best(m for d in open_ones if (m := weigh(d, clue)) is not None) or _only_with_role(open_ones, clue)


def fits(dossier: Dossier, clue: Clue) -> bool:
    """Whether an assertion of the same report may be about this dossier: its roles agree, or it states none."""
    if not any(keys(getattr(clue.roles, role)) for role in clue.family.roles):
        return True
    return (_parties if "parties" in clue.family.roles else _measures)(dossier, clue) is not None


def _best(matches: Iterable[Match]) -> Match | None:
    """The heaviest; of equal ones the most recently heard of, then the older dossier, then the smaller id."""
    return max(
        matches,
        key=lambda m: (m.weight, m.dossier.heard, -m.dossier.opened.timestamp(), str(m.dossier.id)),
        default=None,
    )


def _age(dossier: Dossier, clue: Clue) -> float:
    return (clue.at - dossier.heard).total_seconds() / 86400


def _stale(dossier: Dossier, clue: Clue) -> bool:
    return _age(dossier, clue) > silent_days(clue.family)


def _around(dossier: Dossier, clue: Clue) -> float:
    """What speaks for a dossier beside the roles: story, theatre, names in the article, the same article, nearness in time."""
    weight = 3.0 * bool(clue.story in dossier.stories) + 1.5 * (dossier.id in clue.said_here)
    weight += 1.0 * _same_theatre(dossier, clue) + 2.0 * echoes(dossier, clue)
    weight += min(1.5, 0.75 * len(clue.hints & marks_of(dossier)))
    return weight + max(0.0, 1.0 - _age(dossier, clue) / CLOSE_DAYS)


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


def _same_theatre(dossier: Dossier, clue: Clue) -> bool:
    theatre = {key(dossier.theatre)} if dossier.theatre else frozenset[str]()
    return bool(theatre & ({key(clue.theatre)} if clue.theatre else clue.places))


def _parties(dossier: Dossier, clue: Clue) -> Match | None:
    ours, theirs = keys(clue.roles.parties), keys(dossier.roles.parties)
    shared = ours & theirs
    around = _around(dossier, clue)
    if not theirs:
        return _unnamed(dossier, clue, around)
    if len(shared) > 1 or (shared and ours == theirs):
        return Match(dossier, 10 + len(shared) + around, "the same parties")
    if shared and (shared in (ours, theirs)):
        return Match(dossier, 6 + around, f"one party, {', '.join(sorted(shared))}; the other is not stated")
    if shared and (clue.lands - ours | ours) & (dossier.lands - shared) - shared:
        return Match(dossier, 5 + around, f"one party, {', '.join(sorted(shared))}, and the land of the other")
    if shared and (_same_theatre(dossier, clue) or clue.story in dossier.stories):
        return Match(dossier, 4 + around, f"one party, {', '.join(sorted(shared))}, and the same theatre or story")
    if len(theirs) > 1 and theirs <= clue.sentence and _age(dossier, clue) <= CLOSE_DAYS:
        return Match(dossier, 3 + around, "other parties stated, but the sentence names both of this one")
    return None


def _unnamed(dossier: Dossier, clue: Clue, around: float) -> Match | None:
    """A dossier whose roles nobody has stated yet can take these, if story, theatre or names speak for it."""
    if clue.story in dossier.stories or _same_theatre(dossier, clue) or clue.hints & dossier.lands:
        return Match(dossier, 2 + around, "roles stated now; found by story, theatre or names")
    return None


def _measures(dossier: Dossier, clue: Clue) -> Match | None:
    if dossier.id in clue.said_here and all_keys(clue.roles) <= all_keys(dossier.roles) and echoes(dossier, clue):
        return Match(dossier, 9 + _around(dossier, clue), "the same report tells it above of the same names")
    imposer = _one_role(keys(clue.roles.imposer), keys(dossier.roles.imposer))
    target = _one_role(sides(clue.roles.target), sides(dossier.roles.target))
    if imposer is None or target is None or _on_itself(dossier, clue):
        return None
    around = _around(dossier, clue)
    if imposer >= 2 and target >= 2:
        return _agreeing(dossier, clue, imposer + target, around)
    if _acted_by_another(dossier, clue):
        return None
    missing = "imposer" if imposer < 2 else "target"
    if imposer + target < 2 or not (
        clue.story in dossier.stories
        or dossier.id in clue.said_here
        or _named_near(dossier, clue, missing)
        or echoes(dossier, clue)
    ):
        return None
    return Match(
        dossier, imposer + target + around, f"{missing} not stated; found by story, names, or what it did last"
    )


def _on_itself(dossier: Dossier, clue: Clue) -> bool:
    """Whether together they would have somebody impose measures on himself."""
    imposer = keys(dossier.roles.imposer) | keys(clue.roles.imposer)
    return bool(imposer & (sides(dossier.roles.target) | sides(clue.roles.target)))


def _acted_by_another(dossier: Dossier, clue: Clue) -> bool:
    """Whether the headline names states that may be the missing imposer, and none of them is the dossier's."""
    theirs = keys(dossier.roles.imposer)
    return bool(clue.actors and theirs and not keys(clue.roles.imposer) and not clue.actors & theirs)


def _agreeing(dossier: Dossier, clue: Clue, weight: float, around: float) -> Match | None:
    if weight >= 8:
        return Match(dossier, 10 + around, "the same imposer and target")
    if clue.story in dossier.stories or dossier.id in clue.said_here or weight >= 7:
        return Match(dossier, weight + around, "imposer and target agree in part, and the story")
    return None


def _one_role(ours: frozenset[str], theirs: frozenset[str]) -> float | None:
    """4 the same, 3 at least half shared, 2 less, 1 when only one side states it, 4 when neither does, None if they differ."""
    if ours == theirs:
        return 4.0
    if not ours or not theirs:
        return 1.0
    if not (shared := ours & theirs):
        return None
    return 3.0 if 2 * len(shared) >= len(ours | theirs) else 2.0


def _named_near(dossier: Dossier, clue: Clue, role: str) -> bool:
    """Whether the article names, outside the assertion, who the missing role is in the dossier."""
    return bool(clue.hints & keys(getattr(dossier.roles, role)))


def _without_roles(draft: Draft, clue: Clue) -> Match | None:
    """No role is stated: by the same article, the story, the names, or because nothing else of the family is running."""
    family = clue.family.family
    near = [
        Match(d, 5 + _around(d, clue), "said in a report on it")
        for d in map(draft.get, clue.said_here)
        if d and d.family == family
    ]
    if not near and clue.story:
        near = [Match(d, 3 + _around(d, clue), "the same story") for d in draft.with_story(family, clue.story)]
    if not near:
        near = [m for d in _named(draft, clue) if (m := _by_names(d, clue)) is not None]
    if not near:
        near = _echoing(draft, clue)
    return _best(m for m in near if not _stale(m.dossier, clue)) or _only_running(draft, clue)


def _named(draft: Draft, clue: Clue) -> list[Dossier]:
    marks = clue.hints | clue.places | ({key(clue.theatre)} if clue.theatre else set())
    found = {d.id: d for mark in sorted(marks) for d in draft.with_role(clue.family.family, mark)}
    return list(found.values())


def _by_names(dossier: Dossier, clue: Clue) -> Match | None:
    """Names of the article stand in the dossier, and it was heard of lately."""
    if _age(dossier, clue) > CLOSE_DAYS:
        return None
    return Match(dossier, _around(dossier, clue), "roles not stated; found by names and time")


def _echoing(draft: Draft, clue: Clue) -> list[Match]:
    """The one running dossier that has just done what the report tells; none if several have."""
    found: list[Dossier] = []
    for dossier in draft.latest(clue.family.family):
        if _age(dossier, clue) > ECHO_DAYS or len(found) > 1:
            break
        if echoes(dossier, clue) and not _elsewhere(dossier, clue):
            found.append(dossier)
    return [Match(d, 0, "roles not stated; it has just done what is told") for d in found] if len(found) == 1 else []


def _elsewhere(dossier: Dossier, clue: Clue) -> bool:
    """Whether the article names states, and none of the dossier's."""
    lands = clue.hints | clue.lands
    return bool(lands and dossier.lands and not lands & dossier.lands)


def _only_with_role(dossiers: Iterable[Dossier], clue: Clue) -> Match | None:
    """The only running dossier with the role that is stated, where the other is not."""
    running = [d for d in dossiers if _age(d, clue) <= RUNNING_DAYS and _half(d, clue)]
    reason = "one role not stated; the only running matter with the other"
    return Match(running[0], 0, reason) if len(running) == 1 else None


def _half(dossier: Dossier, clue: Clue) -> bool:
    if "parties" in clue.family.roles or _acted_by_another(dossier, clue) or _on_itself(dossier, clue):
        return False
    imposer = _one_role(keys(clue.roles.imposer), keys(dossier.roles.imposer))
    target = _one_role(sides(clue.roles.target), sides(dossier.roles.target))
    return imposer is not None and target is not None and max(imposer, target) >= 3 and not _elsewhere(dossier, clue)


def _only_running(draft: Draft, clue: Clue) -> Match | None:
    running: list[Dossier] = []
    for dossier in draft.latest(clue.family.family):
        if _age(dossier, clue) > RUNNING_DAYS or len(running) > 1:
            break
        running.append(dossier)
    fits = len(running) == 1 and not _elsewhere(running[0], clue)
    return Match(running[0], 0, "roles not stated; the only running matter of its family") if fits else None


def clue_of(family: Family, said: Assertion, roles: Roles, names: Names, draft: Draft) -> Clue:
    """The clue that an assertion gives in this article. Who only calls for a measure is not taken for its imposer."""
    copying = draft.head.copying if draft.head else None
    called = (family.rung(said.status) or ("", 1))[1] == 0
    return Clue(
        family=family,
        roles=roles,
        lands=lands_of(roles, names.entities),
        places=frozenset(map(key, said.place)),
        theatre=said.theatre,
        story=copying.story if copying else None,
        hints=names.hints,
        actors=frozenset() if called else names.actors - keys(roles.target),
        sentence=names.in_sentence(said),
        at=draft.at,
        said=said,
        said_here=frozenset(draft.touched),
    )
