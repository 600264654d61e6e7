"""`evolve`: the state after one `StepsTaken`. The same functions carry a draft along while one message is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from schemas.articles import Head
from schemas.assertions import Assertion
from schemas.facts import DossierChanged, StepsTaken
from schemas.steps import Kind, Step
from services.tracking.dossiers import Claim, Deed, Details, Dossier, Fall, Kept, Known, Roles, State, Taken
from services.tracking.roles import joined, keys, marks_of, roles_of

TAKES = frozenset({Kind.new, Kind.advanced, Kind.stepped_back, Kind.again, Kind.contradicted})
FALLS = {Kind.contradicted: Fall.denied, Kind.corrected: Fall.unsaid, Kind.retracted: Fall.retracted}
AGAIN = frozenset({Kind.restated, Kind.corroborated, Kind.upgraded})
HEARD = frozenset({"opened", "heard", "roles"})
"""Changes that a report brings; what a minute or an act changes is no news of the matter."""
CLAIMS_KEPT = timedelta(days=30)
"""How long an article may be silent and still be revised."""
STEPS_KEPT = 300
"""Steps that a dossier remembers; older ones can no longer be told again as the same."""


def day_of(head: Head | None, at: datetime) -> date:
    """The day that a report stands for: its publication, or when it was seen."""
    return ((head.published if head else None) or at).date()


def opened_by(change: DossierChanged, at: datetime) -> Dossier:
    """The dossier that a change `opened` describes."""
    values = change.values
    roles = Roles(values.get("parties", ()), values.get("imposer", ()), values.get("target", ()))
    dossier = Dossier(change.dossier, _one(values, "family") or "", at, at, roles)
    apply_change(dossier, change, at)
    return dossier


def _one(values: dict[str, tuple[str, ...]], name: str) -> str | None:
    return next(iter(values.get(name, ())), None)


def apply_change(dossier: Dossier, change: DossierChanged, at: datetime) -> None:
    """Change a dossier in place by what it heard: roles made better, places, stories, what background told, a term."""
    values = change.values
    if change.change in HEARD:
        dossier.heard = max(dossier.heard, at)
    dossier.roles = better(dossier.roles, values)
    dossier.theatre = dossier.theatre or _one(values, "theatre")
    dossier.lands |= frozenset(values.get("lands", ()))
    dossier.stories |= frozenset(map(UUID, values.get("story", ())))
    if status := _one(values, "status"):
        dossier.before = (status, _one(values, "reality") or "background")
    if change.change == "term":
        _set_term(dossier, values)
    if change.change == "unsupported" and (place := dossier.find(UUID(values["step"][0]))) is not None:
        taken, gone = dossier.taken[place], set(map(UUID, values["article"]))
        dossier.taken[place] = replace(taken, supporters=tuple(a for a in taken.supporters if a not in gone))


def better(roles: Roles, values: dict[str, tuple[str, ...]]) -> Roles:
    """Roles with what was not stated before: a second party, an imposer, a target. Nobody else becomes one by being named along."""
    parties = roles.parties if len(keys(roles.parties)) > 1 else joined(roles.parties, values.get("parties", ()))
    return Roles(parties, roles.imposer or values.get("imposer", ()), roles.target or values.get("target", ()))


def _set_term(dossier: Dossier, values: dict[str, tuple[str, ...]]) -> None:
    ends, deadline = _one(values, "ends_at"), _one(values, "deadline")
    if ends is not None:
        dossier.term = datetime.fromisoformat(ends) if ends else None
    if deadline is not None:
        dossier.deadline = datetime.fromisoformat(deadline) if deadline else None


def apply_step(dossier: Dossier, step: Step, head: Head | None, at: datetime) -> None:
    """Change a dossier in place by a step that it took, or by what befell one that it had taken."""
    place = dossier.find(step.of) if step.of else None
    if step.kind in TAKES or (step.kind is Kind.late and place is None):
        dossier.taken.append(_taken(step, head, at))
        del dossier.taken[:-STEPS_KEPT]
    if place is not None:
        _befall(dossier, place, step, head)
    quiet = step.kind in AGAIN or step.kind is Kind.late
    dossier.held_back = dossier.held_back + 1 if quiet else 0


def _taken(step: Step, head: Head | None, at: datetime) -> Taken:
    said = step.assertion
    return Taken(
        id=step.id,
        status=step.status,
        reality=step.reality,
        polarity=step.polarity,
        particulars=step.particulars,
        at=at,
        day=day_of(head, at),
        assertion=said.id if said else None,
        roles=roles_of(said) if said else Roles(),
        tier=step.best_tier,
        confirmed=bool(said) and said is not None and said.attribution == "confirmed",
        origins=step.origins,
        supporters=(head.article,) if head else (),
        outlets=(head.outlet.source,) if head else (),
        told=step.kind is not Kind.late,
        last_told=day_of(head, at),
        said_by=(said.speaker or "") if said else "",
        duration=said.duration if said else None,
        starts=said.effective_from.iso if said and said.effective_from else None,
    )


def _befall(dossier: Dossier, place: int, step: Step, head: Head | None) -> None:
    taken = dossier.taken[place]
    if step.kind in FALLS and not (step.stands and step.kind is Kind.corrected):
        taken = replace(taken, fallen=FALLS[step.kind], supporters=_supporters(taken, head, stands=False))
    elif step.kind is Kind.corrected:
        taken = _supported(
            replace(taken, fallen=None, particulars={**taken.particulars, **step.particulars}), step, head
        )
    elif step.kind in AGAIN or step.kind is Kind.late:
        taken = _supported(taken, step, head)
    dossier.taken[place] = taken


def _supporters(taken: Taken, head: Head | None, stands: bool) -> tuple[UUID, ...]:
    article = (head.article,) if head else ()
    others = tuple(a for a in taken.supporters if a not in article)
    return (*others, *article) if stands else others


def _supported(taken: Taken, step: Step, head: Head | None) -> Taken:
    said = step.assertion
    confirmed = taken.confirmed or (said is not None and said.attribution == "confirmed")
    supporters = _supporters(taken, head, stands=True)
    particulars = {**{k: v for k, v in step.particulars.items() if v}, **taken.particulars}
    outlets = tuple(dict.fromkeys((*taken.outlets, head.outlet.source))) if head else taken.outlets
    return replace(
        taken,
        outlets=outlets,
        last_told=max(taken.last_told, head.published.date()) if head and head.published else taken.last_told,
        origins=step.origins,
        tier=step.best_tier,
        confirmed=confirmed,
        supporters=supporters,
        particulars=particulars,
    )


def evolve(state: State, fact: StepsTaken) -> State:
    """The state after this fact; changed in place."""
    for change in fact.changes:
        _change(state, change, fact.at)
    for step in fact.steps:
        dossier = state.dossiers.get(step.dossier.id)
        if dossier is not None:
            apply_step(dossier, step, fact.head, fact.at)
            state.by_step[step.id] = dossier.id
    _keep_claims(state, fact)
    _sweep(state, fact.at)
    return state


def _sweep(state: State, at: datetime) -> None:
    """Once a day, forget the claims of articles that no later version has touched for long."""
    if state.swept == at.date():
        return
    state.swept = at.date()
    for article in [article for article, kept in state.articles.items() if at - kept.at > CLAIMS_KEPT]:
        del state.articles[article]


def _change(state: State, change: DossierChanged, at: datetime) -> None:
    if change.change == "put_away":
        _put_away(state, change.dossier)
    elif change.change in _SPECIAL:
        _SPECIAL[change.change](state, change, at)
    elif change.change == "opened":
        state.dossiers[change.dossier] = opened_by(change, at)
    elif change.dossier in state.dossiers:
        apply_change(state.dossiers[change.dossier], change, at)
    if change.dossier in state.dossiers:
        index(state, state.dossiers[change.dossier])


def index(state: State, dossier: Dossier) -> None:
    """Make a dossier findable by its roles, lands and stories, and the most recent of its family."""
    for role in marks_of(dossier):
        state.by_role.setdefault((dossier.family, role), {})[dossier.id] = None
    for story in dossier.stories:
        state.by_story.setdefault(story, {})[dossier.id] = None
    recent = state.recent.setdefault(dossier.family, {})
    recent.pop(dossier.id, None)
    if dossier.into is None:
        recent[dossier.id] = None


def _put_away(state: State, dossier_id: UUID) -> None:
    dossier = state.dossiers.pop(dossier_id, None)
    if dossier is None:
        return
    _unindex(state, dossier)
    for taken in dossier.taken:
        state.by_step.pop(taken.id, None)


def _unindex(state: State, dossier: Dossier) -> None:
    for role in marks_of(dossier):
        state.by_role.get((dossier.family, role), {}).pop(dossier.id, None)
    for story in dossier.stories:
        state.by_story.get(story, {}).pop(dossier.id, None)
    state.recent.get(dossier.family, {}).pop(dossier.id, None)


def _merged(state: State, change: DossierChanged, at: datetime) -> None:
    into = state.dossiers.get(UUID(change.values["into"][0]))
    dossier = state.dossiers.get(change.dossier)
    if into is None or dossier is None:
        return
    before, dossier.into = (into.roles, into.lands, into.stories), into.id
    into.roles = Roles(
        *(joined(getattr(into.roles, n), getattr(dossier.roles, n)) for n in ("parties", "imposer", "target"))
    )
    into.lands, into.stories = into.lands | dossier.lands, into.stories | dossier.stories
    into.heard = max(into.heard, dossier.heard)
    into.taken = sorted({t.id: t for t in (*into.taken, *dossier.taken)}.values(), key=lambda t: t.at)
    index(state, into)
    _note(state, change, Deed("merge", dossier=dossier.id, other=into.id, before=before))


def _unmerged(state: State, change: DossierChanged, at: datetime) -> None:
    dossier = state.dossiers.get(change.dossier)
    into = state.dossiers.get(dossier.into) if dossier and dossier.into else None
    if dossier is None or into is None:
        return
    own = {taken.id for taken in dossier.taken}
    dossier.into, dossier.heard = None, at
    _unindex(state, into)
    into.roles, into.lands, into.stories = _former(state, dossier, into)
    index(state, into)
    into.taken = [taken for taken in into.taken if taken.id not in own]


def _former(state: State, dossier: Dossier, into: Dossier) -> Known:
    """What the dossier knew before the other was merged into it; what it heard since is not kept apart."""
    made = (deed for deed in reversed(state.deeds.values()) if (deed.dossier, deed.other) == (dossier.id, into.id))
    deed = next(made, None)
    return deed.before if deed and deed.before else (into.roles, into.lands, into.stories)


def _split(state: State, change: DossierChanged, at: datetime) -> None:
    origin = state.dossiers.get(UUID(change.values["from"][0]))
    if origin is None:
        return
    fresh = opened_by(change, at)
    moved = set(map(UUID, change.values.get("steps", ())))
    fresh.taken = [taken for taken in origin.taken if taken.id in moved]
    origin.taken = [taken for taken in origin.taken if taken.id not in moved]
    state.dossiers[fresh.id] = fresh
    state.by_step |= dict.fromkeys(moved, fresh.id)
    _note(state, change, Deed("split", dossier=fresh.id, other=origin.id))


def _retracted(state: State, change: DossierChanged, at: datetime) -> None:
    _note(state, change, Deed("retract", dossier=change.dossier, step=UUID(change.values["step"][0])))


def _note(state: State, change: DossierChanged, deed: Deed) -> None:
    if act := _one(change.values, "act"):
        state.deeds[UUID(act)] = deed


_SPECIAL = {"merged": _merged, "unmerged": _unmerged, "split": _split, "retracted": _retracted}


def _keep_claims(state: State, fact: StepsTaken) -> None:
    if fact.head is None:
        return
    claims = [
        Claim(a.id, a.family, a.status, a.reality, a.polarity, a.main, dossier, step, details_of(a))
        for a in fact.assertions
        for dossier, step in dict.fromkeys(_where(fact, a.id))
    ]
    said = {claim.step for claim in claims}
    earlier = state.articles.get(fact.head.article)
    lost = [replace(c, lost=True) for c in (earlier.claims if earlier else ()) if c.step and c.step not in said]
    if claims or lost:
        state.articles[fact.head.article] = Kept(fact.head.version, fact.at, (*claims, *lost))


def details_of(said: Assertion) -> Details:
    """What a claim states beside its status: a new version that changes it is told so."""
    slots = {
        "list size": (str(said.list_size),) if said.list_size is not None else (),
        "duration": (said.duration,) if said.duration else (),
        "start": (said.effective_from.iso,) if said.effective_from else (),
        "end": (said.ends_at.iso,) if said.ends_at else (),
    }
    return tuple((name, values) for name, values in sorted({**slots, **said.particulars}.items()) if values)


def _where(fact: StepsTaken, assertion: UUID) -> Iterator[tuple[UUID, UUID | None]]:
    """The dossiers, and the steps in them, that an assertion speaks of."""
    for step in fact.steps:
        if step.assertion and step.assertion.id == assertion:
            own = step.kind in TAKES or step.of is None
            yield step.dossier.id, step.id if own else step.of
    for aside in fact.asides:
        if aside.assertion == assertion and aside.dossier:
            yield aside.dossier, aside.step
