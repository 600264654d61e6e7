"""A step as a fact: the dossier as it stands, what it was before, who says so, and how many origins."""

from __future__ import annotations

from uuid import UUID

from schemas import ids, steps
from schemas.articles import Head
from schemas.assertions import Assertion
from schemas.families import Family
from schemas.steps import Kind, Past, Step
from services.tracking.dossiers import Dossier, Roles, Taken
from services.tracking.judging import Report, Verdict
from services.tracking.roles import stated
from services.tracking.sameness import polarity_of

TAKES_NOTHING = frozenset({Kind.restated, Kind.corroborated, Kind.upgraded, Kind.corrected})
NOT_STATED = "roles not stated"


def title_of(roles: Roles, theatre: str | None, family: Family) -> str:
    """The dossier's name for people; `roles not stated` where nobody has stated them."""
    if "parties" in family.roles:
        return "-".join(roles.parties) or theatre or NOT_STATED
    imposer, target = " and ".join(roles.imposer), " and ".join(roles.target)
    if not imposer and not target:
        return NOT_STATED
    return f"{imposer or 'imposer not stated'} on {target or 'target not stated'}"


def shown(dossier: Dossier, family: Family) -> steps.Dossier:
    """The dossier as a step shows it."""
    roles = dossier.roles
    return steps.Dossier(
        id=dossier.id,
        family=dossier.family,
        title=title_of(roles, dossier.theatre, family),
        parties=roles.parties,
        imposer=roles.imposer,
        target=roles.target,
        roles_stated=stated(roles, family.roles),
        theatre=dossier.theatre,
        opened=dossier.opened,
        ever_reached=reached(dossier, family),
    )


def reached(dossier: Dossier, family: Family) -> bool:
    """Whether the thing exists: an agreement, start or measure has been told, by background too, and has not been undone."""
    there = bool(dossier.before and dossier.before[0] in family.reached)
    for taken in (t for t in dossier.taken if t.happened):
        there = taken.status in family.reached or (there and taken.status not in family.unreached)
    return there


def was(dossier: Dossier, family: Family) -> tuple[str | None, str | None]:
    """The status that the dossier has: its last step that is more than a call from outside, if it has taken one since it last ended."""
    told = [t for t in dossier.taken if t.counts and t.polarity == "affirmed"]
    ends = [place for place, t in enumerate(told) if t.status in family.ends_with and t.happened]
    since = told[ends[-1] + 1 :] if ends else told
    moving = [t for t in since if (family.rung(t.status) or ("", 1))[1] > 0]
    if not moving and dossier.before and not ends:
        return dossier.before
    last = next(reversed(moving or since or told), None)
    return (last.status, last.reality) if last else (None, None)


def before(dossier: Dossier) -> tuple[Past, ...]:
    """The last two steps, newest first."""
    return tuple(
        Past(id=t.id, status=t.status, reality=t.reality, polarity=t.polarity, at=t.at, first_words=t.said_by)
        for t in reversed(dossier.taken[-2:])
    )


def step_of(
    dossier: Dossier, family: Family, said: Assertion, verdict: Verdict, report: Report, step_id: UUID, place: int
) -> Step:
    """The step that a verdict makes of an assertion."""
    corrects = verdict.of if verdict.kind is Kind.corrected else None
    status, reality = (corrects.status, corrects.reality) if corrects else was(dossier, family)
    origins, tier = backing(verdict.of, report.head, report.origin)
    return Step(
        id=step_id,
        dossier=shown(dossier, family),
        kind=verdict.kind,
        family=said.family,
        status=said.status,
        reality=said.reality,
        polarity=polarity_of(said),
        particulars=said.particulars,
        was=status,
        was_reality=reality,
        of=verdict.of.id if verdict.of else None,
        stands=verdict.stands,
        reason=verdict.reason,
        assertion=said,
        origins=origins,
        best_tier=tier,
        held_back=dossier.held_back,
        before=before(dossier),
        place=place,
    )


def backing(of: Taken | None, head: Head, origin: str) -> tuple[tuple[str, ...], int]:
    """The independent origins so far, and the best tier among them."""
    origins = tuple(dict.fromkeys((*(of.origins if of else ()), origin)))
    return origins, min(head.outlet.tier, of.tier if of else head.outlet.tier)


def step_about(dossier: Dossier, family: Family, taken: Taken, verdict: Verdict, cause: UUID, place: int) -> Step:
    """A step that says what became of a taken one: corrected or retracted; it has no assertion of its own, and was what it corrects."""
    return Step(
        id=ids.step_id(cause, place),
        dossier=shown(dossier, family),
        kind=verdict.kind,
        family=dossier.family,
        status=taken.status,
        reality=taken.reality,
        polarity=taken.polarity,
        particulars=taken.particulars,
        was=taken.status,
        was_reality=taken.reality,
        of=taken.id,
        stands=verdict.stands,
        reason=verdict.reason,
        origins=taken.origins,
        best_tier=taken.tier,
        held_back=dossier.held_back,
        before=before(dossier),
        place=place,
    )


def due_step(dossier: Dossier, family: Family, status: str, verdict: Verdict, cause: UUID, place: int) -> Step:
    """A step that a passed minute brings: the status is due, nobody has said that it came."""
    before_it, reality = was(dossier, family)
    return Step(
        id=ids.step_id(cause, place),
        dossier=shown(dossier, family),
        kind=verdict.kind,
        family=dossier.family,
        status=status,
        reality="scheduled",
        polarity="affirmed",
        was=before_it,
        was_reality=reality,
        reason=verdict.reason,
        held_back=dossier.held_back,
        before=before(dossier),
        place=place,
    )
