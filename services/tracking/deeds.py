"""What people do to dossiers: merge, split, retract, and undo each of these."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from schemas.acts import Act, ActKind
from schemas.facts import ActTaken, DossierChanged
from schemas.families import Family
from schemas.steps import Kind
from services.tracking.dossiers import Deed, Dossier, State
from services.tracking.draft import Draft, role_values
from services.tracking.judging import Verdict
from services.tracking.telling import step_about


class NoSuchThing(ValueError):  # noqa: N818 - says what is wrong
    """An act names a dossier, a step or an act that tracking does not know."""


def do(state: State, taken: ActTaken, families: Mapping[str, Family]) -> Draft | None:
    """The draft after an act; None for acts that concern others. Raises `NoSuchThing`."""
    act, draft = taken.act, Draft(state, taken.act.at)
    if act.kind is ActKind.merge:
        _merge(draft, act)
    elif act.kind is ActKind.divide:
        _split(draft, act)
    elif act.kind is ActKind.retract:
        _retract(draft, act, families, taken.id)
    elif act.kind is ActKind.undo and act.undoes in state.deeds:
        _undo(draft, act, state.deeds[act.undoes], families, taken.id)
    else:
        return None
    return draft


def _known(draft: Draft, dossier_id: UUID | None) -> Dossier:
    dossier = draft.get(dossier_id) if dossier_id else None
    if dossier is None:
        raise NoSuchThing(f"dossier {dossier_id} is not open; name one that the desk shows")
    return dossier


def _of_step(draft: Draft, step: UUID | None) -> tuple[Dossier, int]:
    home = draft.state.by_step.get(step) if step else None
    dossier = draft.get(home) if home else None
    place = dossier.find(step) if dossier and step else None
    if dossier is None or place is None:
        raise NoSuchThing(f"step {step} is none that an open dossier took; name one that the desk shows")
    return dossier, place


def _merge(draft: Draft, act: Act) -> None:
    into, other = _known(draft, act.dossier), _known(draft, act.other)
    if into.id == other.id:
        raise NoSuchThing(f"dossier {act.other} is already part of {act.dossier}; name two different ones")
    draft.changes.append(changed(other.id, "merged", act, into=(str(into.id),)))


def _split(draft: Draft, act: Act) -> None:
    dossier, place = _of_step(draft, act.other or act.step)
    moved = dossier.taken[place]
    values = role_values(moved.roles) | {
        "family": (dossier.family,),
        "from": (str(dossier.id),),
        "steps": (str(moved.id),),
    }
    draft.changes.append(
        changed(
            moved.assertion if moved.assertion and moved.assertion != dossier.id else moved.id, "split", act, **values
        )
    )


def _retract(draft: Draft, act: Act, families: Mapping[str, Family], cause: UUID) -> None:
    dossier, place = _of_step(draft, act.step)
    verdict = Verdict(Kind.retracted, act.reason or f"retracted by {act.person}", dossier.taken[place], stands=False)
    draft.changes.append(changed(dossier.id, "retracted", act, step=(str(act.step),)))
    draft.take(step_about(dossier, families[dossier.family], dossier.taken[place], verdict, cause, 0))


def _undo(draft: Draft, act: Act, deed: Deed, families: Mapping[str, Family], cause: UUID) -> None:
    if deed.kind == "merge" and deed.dossier:
        draft.changes.append(changed(deed.dossier, "unmerged", act))
    elif deed.kind == "split" and deed.dossier and deed.other:
        draft.changes.append(changed(deed.dossier, "merged", act, into=(str(deed.other),)))
    elif deed.step:
        dossier, place = _of_step(draft, deed.step)
        verdict = Verdict(Kind.corrected, f"{act.person} took the retraction back", dossier.taken[place], stands=True)
        draft.take(step_about(dossier, families[dossier.family], dossier.taken[place], verdict, cause, 0))


def changed(dossier: UUID, change: str, act: Act, **values: tuple[str, ...]) -> DossierChanged:
    """A change that an act made; it names the act, so that it can be undone."""
    given = {name: value for name, value in values.items() if value} | {"act": (str(act.act),), "person": (act.person,)}
    return DossierChanged(
        dossier=dossier, change=change, values=given, reason=act.reason or f"{act.kind.value} by {act.person}"
    )
