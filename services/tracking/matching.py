"""Which dossier an assertion belongs to, with the reason; none, if it opens one of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from schemas.assertions import Assertion
from schemas.families import Family
from services.tracking.clues import (
    CLOSE_DAYS,
    Clue,
    Match,
    acted_by_another,
    age,
    around,
    best,
    echoes,
    on_itself,
    one_role,
    same_theatre,
    stale,
    upon_nobody,
)
from services.tracking.dossiers import Dossier, Roles
from services.tracking.draft import Draft
from services.tracking.names import Names
from services.tracking.roles import all_keys, key, keys, lands_of, sides
from services.tracking.unstated import only_of_party, only_with_role, without_roles


def find(draft: Draft, clue: Clue) -> Match | None:
    """The dossier that fits best; None if none fits."""
    wanted = frozenset().union(*(keys(getattr(clue.roles, role)) for role in clue.family.roles))
    if not wanted:
        return without_roles(draft, clue)
    seen: dict[UUID, Dossier] = {
        d.id: d
        for role in sorted(wanted | clue.lands | clue.sentence)
        for d in draft.with_role(clue.family.family, role)
    }
    if clue.story:
        seen |= {d.id: d for d in draft.with_story(clue.family.family, clue.story)}
    open_ones = [d for d in seen.values() if not stale(d, clue)]
    if "parties" in clue.family.roles:
        return best(m for d in open_ones if (m := _parties(d, clue)) is not None) or only_of_party(open_ones, clue)
    clue = replace(clue, crowded=_crowded(open_ones, clue))
    return best(m for d in open_ones if (m := _measures(d, clue)) is not None) or only_with_role(open_ones, clue)


def _crowded(dossiers: Iterable[Dossier], clue: Clue) -> bool:
    target = sides(clue.roles.target)
    running = (d for d in dossiers if target & sides(d.roles.target) and age(d, clue) <= CLOSE_DAYS)
    return len({keys(d.roles.imposer) for d in running if d.roles.imposer} - {keys(clue.roles.imposer)}) > 0


def trusted(draft: Draft, clue: Clue) -> Clue:
    """The clue without an imposer who cannot be one: measures run against him, none of his do, and no target is stated."""
    imposer = keys(clue.roles.imposer)
    if not imposer or clue.roles.target or "imposer" not in clue.family.roles:
        return clue
    running = [
        d for name in sorted(imposer) for d in draft.with_role(clue.family.family, name) if age(d, clue) <= CLOSE_DAYS
    ]
    suffers = any(imposer & sides(d.roles.target) for d in running)
    if suffers and not any(imposer & keys(d.roles.imposer) for d in running):
        return replace(clue, roles=Roles(clue.roles.parties, (), clue.roles.imposer))
    return clue


def fits(dossier: Dossier, clue: Clue) -> bool:
    """Whether an assertion of the same report may be about this dossier: its roles agree, or it states none."""
    if not any(keys(getattr(clue.roles, role)) for role in clue.family.roles):
        return True
    return (_parties if "parties" in clue.family.roles else _measures)(dossier, clue) is not None


def _parties(dossier: Dossier, clue: Clue) -> Match | None:
    ours, theirs = keys(clue.roles.parties), keys(dossier.roles.parties)
    shared = ours & theirs
    beside = around(dossier, clue)
    if not theirs:
        return _unnamed(dossier, clue, beside)
    if len(shared) > 1 or (shared and ours == theirs):
        return Match(dossier, 10 + len(shared) + beside, "the same parties")
    if shared and (shared in (ours, theirs)):
        return Match(dossier, 6 + beside, f"one party, {', '.join(sorted(shared))}; the other is not stated")
    if shared and (clue.lands - ours | ours) & (dossier.lands - shared) - shared:
        return Match(dossier, 5 + beside, f"one party, {', '.join(sorted(shared))}, and the land of the other")
    if shared and (same_theatre(dossier, clue) or clue.story in dossier.stories):
        return Match(dossier, 4 + beside, f"one party, {', '.join(sorted(shared))}, and the same theatre or story")
    if len(theirs) > 1 and theirs <= clue.sentence and age(dossier, clue) <= CLOSE_DAYS:
        return Match(dossier, 3 + beside, "other parties stated, but the sentence names both of this one")
    return None


def _unnamed(dossier: Dossier, clue: Clue, beside: float) -> Match | None:
    """A dossier whose roles nobody has stated yet can take these, if story, theatre or names speak for it."""
    if clue.story in dossier.stories or same_theatre(dossier, clue) or clue.hints & dossier.lands:
        return Match(dossier, 2 + beside, "roles stated now; found by story, theatre or names")
    return None


def _measures(dossier: Dossier, clue: Clue) -> Match | None:
    if dossier.id in clue.said_here and all_keys(clue.roles) <= all_keys(dossier.roles) and echoes(dossier, clue):
        return Match(dossier, 9 + around(dossier, clue), "the same report tells it above of the same names")
    imposer = one_role(keys(clue.roles.imposer), keys(dossier.roles.imposer))
    target = one_role(sides(clue.roles.target), sides(dossier.roles.target))
    if imposer is None or target is None or on_itself(dossier, clue):
        return None
    beside = around(dossier, clue)
    if imposer >= 2 and target >= 2:
        return _agreeing(dossier, clue, imposer + target, beside)
    if acted_by_another(dossier, clue) or upon_nobody(dossier, clue):
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
        dossier, imposer + target + beside, f"{missing} not stated; found by story, names, or what it did last"
    )


def _agreeing(dossier: Dossier, clue: Clue, weight: float, beside: float) -> Match | None:
    if weight >= 8:
        return Match(dossier, 10 + beside, "the same imposer and target")
    if clue.story in dossier.stories or dossier.id in clue.said_here or weight >= 7:
        return Match(dossier, weight + beside, "imposer and target agree in part, and the story")
    return None


def _named_near(dossier: Dossier, clue: Clue, role: str) -> bool:
    """Whether the article names, outside the assertion, who the missing role is in the dossier."""
    return bool(clue.hints & keys(getattr(dossier.roles, role)))


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
        called=called,
        said_here=frozenset(draft.touched),
    )
