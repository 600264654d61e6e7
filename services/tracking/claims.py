"""What a new version of an article no longer says: a claim that is gone or changed is corrected, unless the story has moved on."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.assertions import Assertion
from schemas.facts import Aside, AssertionsMade
from schemas.families import Family
from schemas.steps import Kind
from services.tracking.dossiers import Claim, Dossier, Fall, Particulars
from services.tracking.draft import Draft
from services.tracking.folding import details_of
from services.tracking.judging import Verdict
from services.tracking.sameness import same_values
from services.tracking.telling import step_about


def amended(draft: Draft, dossier: Dossier, said: Assertion, verdict: Verdict, alone: bool) -> Verdict:
    """The verdict, or a correction where the article has said the same before with other particulars.

    `alone`: the version says this status once; if it says it twice, the one with other particulars is a further step.
    """
    if draft.head is None or not (verdict.of or (alone and verdict.kind is Kind.again)):
        return verdict
    earlier = draft.state.articles.get(draft.head.article)
    for claim in earlier.claims if earlier else ():
        if claim.lost or not _same_claim(draft, claim, dossier, said) or (verdict.of and verdict.of.id != claim.step):
            continue
        changes = _changes(dict(claim.details), dict(details_of(said)))
        place = dossier.find(claim.step) if claim.step else None
        if changes and place is not None:
            reason = f"the claim changed: {'; '.join(changes)}"
            return Verdict(Kind.corrected, reason, dossier.taken[place], stands=True)
    return verdict


def _same_claim(draft: Draft, claim: Claim, dossier: Dossier, said: Assertion) -> bool:
    alike = (claim.status, claim.polarity, claim.reality) == (said.status, said.polarity, said.reality)
    return alike and claim.main and _home(draft, claim) == dossier.id


def _changes(before: Particulars, now: Particulars) -> list[str]:
    """What both versions state, and differently; on another day a page tells what happened next."""
    changed = [name for name in before if name in now and not same_values(before[name], now[name])]
    return (
        []
        if "day" in changed
        else [f"{name} {', '.join(before[name])} became {', '.join(now[name])}" for name in changed]
    )


def lost(draft: Draft, made: AssertionsMade, families: Mapping[str, Family]) -> tuple[tuple[Claim, str], ...]:
    """The claims of the article's former version that this one does not make, each with what became of it."""
    earlier = draft.state.articles.get(made.head.article)
    if earlier is None or earlier.version == made.head.version:
        return ()
    said = (
        {step.of for step in draft.steps} | {step.id for step in draft.steps} | {aside.step for aside in draft.asides}
    )
    gone = [
        c for c in earlier.claims if c.step and c.main and not c.lost and c.step not in said and c.family in families
    ]
    found = ((claim, _became(draft, claim, made, families[claim.family])) for claim in gone)
    return tuple((claim, reason) for claim, reason in found if reason is not None)


def _became(draft: Draft, claim: Claim, made: AssertionsMade, family: Family) -> str | None:
    """How the claim was lost; None if this version tells a further step of the same dossier instead."""
    instead = [
        s for s in draft.steps if s.assertion and _home(draft, claim) == s.dossier.id and s.polarity == "affirmed"
    ]
    if any(_further(family, claim, step.status) for step in instead):
        return None
    if made.states_a_correction:
        return "the outlet states a correction"
    if any(step.status == claim.status and step.kind is Kind.again for step in instead):
        return None
    changed = next((s for s in instead if s.kind not in (Kind.restated, Kind.corroborated)), None)
    return f"the claim changed: {claim.status} became {changed.status}" if changed else "the outlet removed the claim"


def _home(draft: Draft, claim: Claim) -> object:
    dossier = draft.get(claim.dossier)
    return dossier.id if dossier else None


def _further(family: Family, claim: Claim, status: str) -> bool:
    """Whether a status goes on from the claim's: the same as planned before, or a higher rung of its ladder."""
    before, now = family.rung(claim.status), family.rung(status)
    same = status == claim.status and claim.reality != "actual"
    return same or bool(before and now and before[0] == now[0] and now[1] > before[1])


def correct(
    draft: Draft, gone: tuple[tuple[Claim, str], ...], made: AssertionsMade, families: Mapping[str, Family]
) -> None:
    """Note each lost claim: corrected where no other report says it, else one report fewer."""
    for claim, reason in gone:
        _correct(draft, claim, reason, made, families[claim.family])


def _correct(draft: Draft, claim: Claim, reason: str, made: AssertionsMade, family: Family) -> None:
    dossier = draft.get(claim.dossier)
    place = dossier.find(claim.step) if dossier and claim.step else None
    if dossier is None or place is None or dossier.taken[place].fallen in (Fall.unsaid, Fall.retracted):
        return
    taken = dossier.taken[place]
    if set(taken.supporters) - {made.head.article}:
        reason = f"{reason}; other reports still say it"
        draft.asides.append(Aside(assertion=claim.assertion, dossier=dossier.id, step=taken.id, reason=reason))
        unsaid = (str(made.head.article),)
        draft.change(dossier.id, "unsupported", "one report fewer says it", step=(str(taken.id),), article=unsaid)
        return
    verdict = Verdict(Kind.corrected, reason, taken, stands=False)
    draft.take(step_about(dossier, family, taken, verdict, made.head.version, len(draft.steps)))
