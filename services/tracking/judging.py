"""What one assertion is to its dossier: a new step, a higher or lower rung, the same again, a denial, or old news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from schemas.articles import CopyDecision, Head
from schemas.assertions import Assertion
from schemas.families import Family
from schemas.steps import Kind
from services.tracking import sameness
from services.tracking.dossiers import Dossier, Fall, Taken

FRESH_HOURS = 24
NEGATED = "negated"


@dataclass(frozen=True)
class Report:
    """What an article's head means to tracking: its day, its origin, and why it can bring no news, if so."""

    head: Head
    at: datetime
    day: date
    origin: str
    too_late: str | None

    def repeats(self, taken: Taken) -> bool:
        """Whether the report is no new voice: a copy, or an origin or an outlet that has told the step before."""
        copied = self.head.copying is not None and self.head.copying.decision is CopyDecision.copy
        return copied or self.origin in taken.origins or self.head.outlet.source in taken.outlets


@dataclass(frozen=True)
class Verdict:
    """The kind of step, the taken one that it concerns, and why. `stands` is what becomes of that one."""

    kind: Kind
    reason: str
    of: Taken | None = None
    stands: bool = True


def judge(dossier: Dossier, family: Family, said: Assertion, report: Report) -> Verdict:
    """What this assertion is to this dossier. Pure; the particulars that make a status count again are the family's."""
    polarity = sameness.polarity_of(said)
    place, why_again = _match(dossier, family, said, report, polarity)
    if place is not None and why_again is None:
        return _told_before(dossier.taken[place], said, report)
    if report.too_late:
        return Verdict(Kind.late, report.too_late)
    if polarity == NEGATED:
        return _denial(dossier, family, said, report, why_again)
    return _step(dossier, family, said, why_again)


def known(dossier: Dossier, family: Family, said: Assertion, report: Report) -> Taken | None:
    """The taken step that an assertion tells again, if any."""
    place, again = _match(dossier, family, said, report, sameness.polarity_of(said))
    return dossier.taken[place] if place is not None and again is None else None


def _match(
    dossier: Dossier, family: Family, said: Assertion, report: Report, polarity: str
) -> tuple[int | None, str | None]:
    """The latest taken step that the assertion may tell again, and why it counts again all the same."""
    why = None
    for place in range(len(dossier.taken) - 1, -1, -1):
        taken = dossier.taken[place]
        if taken.status != said.status or taken.polarity != polarity:
            continue
        if not sameness.same_time(said.reality, taken):
            why = why or "told as planned before, and now as done"
            continue
        again = _again(dossier, place, family, said, report)
        if again is None:
            return place, None
        why = why or again
        if again.startswith("after "):
            return place, again
    return None, why


def _again(dossier: Dossier, place: int, family: Family, said: Assertion, report: Report) -> str | None:
    """Why a status counts again although the step at `place` is the same status; None if it is that step."""
    taken, status = dossier.taken[place], family.statuses[said.status]
    if status.again_after:
        return _again_after(dossier, place, family, said, report)
    name = sameness.differing(status, said.particulars, taken.particulars)
    if name := name or sameness.one_more(dossier, status, said, taken.polarity):
        return f"another {name}"
    if sameness.pinned(status, said.particulars, taken.particulars):
        return None
    if sameness.another_day(status, said.particulars, report.day, taken):
        return "another day, by the report's date"
    if sameness.another_length(said, taken):
        return "of another length"
    if sameness.anew(said, taken, family, report.day):
        return "taken anew, days after it was last told"
    if said.status in family.reached and sameness.broken_since(dossier, place, family, report.day):
        return "after a breach of what was reached before"
    return "after the dossier had ended" if sameness.ended_since(dossier, place, family) else None


def _again_after(dossier: Dossier, place: int, family: Family, said: Assertion, report: Report) -> str | None:
    taken = dossier.taken[place]
    if sameness.undone_since(dossier, place, said, family):
        return "after a step that undid it"
    if said.status in family.reached and (sameness.ran_out_since(dossier, place, family) or _ran_out(dossier, report)):
        return "after its term, which has passed"
    return "planned for another time" if sameness.another_time(said, taken) else None


def _ran_out(dossier: Dossier, report: Report) -> bool:
    """Whether the term that was told has passed, though no minute has said so yet."""
    return dossier.term is not None and dossier.term <= report.at


def _told_before(taken: Taken, said: Assertion, report: Report) -> Verdict:
    """The step is known: told again, corroborated, upgraded, given back, or told for the first time in time."""
    if taken.fallen is Fall.retracted:
        return Verdict(Kind.restated, "a person has retracted this step", taken, stands=False)
    if report.too_late:
        return Verdict(Kind.late, report.too_late, taken)
    if taken.fallen is Fall.denied:
        return _after_denial(taken, report)
    if taken.fallen is Fall.unsaid:
        return Verdict(Kind.corrected, "the claim is back", taken)
    if not taken.told and _within_a_day(taken, report):
        return Verdict(Kind.new, "known before only from what came too late to be news", taken)
    return _same(taken, said, report)


def _after_denial(taken: Taken, report: Report) -> Verdict:
    """Who repeats what was denied adds nothing; who had not said it before says it against the denial."""
    if report.repeats(taken):
        return Verdict(Kind.restated, "told before it was denied, by the same origin", taken, stands=False)
    return Verdict(Kind.again, "affirmed after a denial")


def _within_a_day(taken: Taken, report: Report) -> bool:
    return (report.at - taken.at).total_seconds() <= FRESH_HOURS * 3600 and (report.day - taken.day).days <= 1


def _same(taken: Taken, said: Assertion, report: Report) -> Verdict:
    tier = report.head.outlet.tier
    if said.attribution == "confirmed" and not taken.confirmed:
        return Verdict(Kind.upgraded, "now confirmed by whom it concerns, or by a legal text", taken)
    if tier < taken.tier and tier <= 1:
        return Verdict(Kind.upgraded, "now from a better source", taken)
    if report.repeats(taken):
        return Verdict(Kind.restated, "the same step, from an origin that has told it", taken)
    return Verdict(Kind.corroborated, "the same step, from an independent origin", taken)


def _denial(dossier: Dossier, family: Family, said: Assertion, report: Report, why: str | None) -> Verdict:
    """What is denied: a step that was told, which falls; else a denial that is news of its own."""
    status = family.statuses[said.status]
    for taken in reversed(dossier.taken):
        affirmed = taken.status == said.status and taken.polarity != NEGATED and taken.stands
        if not affirmed or sameness.differing_what(status, said.particulars, taken.particulars):
            continue
        if set(taken.supporters) == {report.head.article}:
            return Verdict(Kind.corrected, "the outlet withdraws the claim", taken, stands=False)
        return Verdict(Kind.contradicted, f"{said.speaker or 'the report'} denies it", taken, stands=False)
    if why:
        return Verdict(Kind.again, why)
    return Verdict(Kind.new, "denied, and nobody had told it before")


def _step(dossier: Dossier, family: Family, said: Assertion, why_again: str | None) -> Verdict:
    rung = _rung(family, said.status, said.reality)
    if not dossier.taken:
        return Verdict(Kind.new, "the first step of its dossier")
    if rung is None:
        return Verdict(Kind.again, why_again) if why_again else Verdict(Kind.new, "this status for the first time")
    return _climb(dossier, family, said, rung, why_again)


def _rung(family: Family, status: str, reality: str) -> tuple[str, float] | None:
    """Ladder and height; what is only planned stands half a rung lower, so that its happening is an advance."""
    rung = family.rung(status)
    return rung and (rung[0], rung[1] - (0.5 if sameness.planned(reality) else 0.0))


def _climb(
    dossier: Dossier, family: Family, said: Assertion, rung: tuple[str, float], why_again: str | None
) -> Verdict:
    ladder, height = rung
    heights = heights_since_end(dossier, family, ladder)
    if not heights or height > max(heights):
        return Verdict(Kind.advanced, "a higher rung than any since the dossier was opened or last ended")
    if height <= 0 or (why_again and _still_holds(dossier, family)):
        return Verdict(Kind.again, why_again) if why_again else Verdict(Kind.new, "this status for the first time")
    if height == max(heights):
        return Verdict(Kind.again, why_again) if why_again else Verdict(Kind.new, "another status of the same rung")
    return Verdict(Kind.stepped_back, "a lower rung than the dossier had reached")


def heights_since_end(dossier: Dossier, family: Family, ladder: str) -> list[float]:
    """The rungs of a ladder that the dossier stood on since it was opened or last ended, background included."""
    heights: list[float] = []
    if dossier.before and (rung := _rung(family, *dossier.before)) and rung[0] == ladder:
        heights.append(rung[1])
    for taken in dossier.taken:
        if taken.status in family.ends_with and taken.happened:
            heights = []
        rung = _rung(family, taken.status, taken.reality)
        if rung and rung[0] == ladder and taken.counts and taken.polarity != NEGATED:
            heights.append(rung[1])
    return heights


def _still_holds(dossier: Dossier, family: Family) -> bool:
    """Whether what was reached last has not been undone."""
    for taken in reversed(dossier.taken):
        if taken.happened and taken.status in (*family.unreached, *family.ends_with):
            return False
        if taken.happened and taken.status in family.reached:
            return True
    return False
