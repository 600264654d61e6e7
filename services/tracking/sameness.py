"""When a status told again is the same step: its particulars, the day it stands for, and what came between."""

from __future__ import annotations

from datetime import date

from schemas.assertions import Assertion, Polarity, Reality
from schemas.families import Family, Status
from services.tracking.dates import length_of
from services.tracking.dossiers import Dossier, Particulars, Taken

PLANNED = frozenset({"scheduled", "conditional", "hypothetical", "wished"})
SILENT_DAYS = 14
"""Days without a retelling after which a status that is told as news is another step."""
A_CYCLE = 1
"""Days after its own that a step is still retold as the same when no day is stated: the evening's and the morning's news."""


WHO = frozenset({"speaker", "side", "proposer", "refuser", "body", "contributor"})
"""Particulars that name who acts: one more of them counts again, and the same one can act again after an end."""
WHERE = frozenset({"venue", "place"})
"""Particulars that name where: talks go on, and truces are broken, in the same place on another day."""
MEASURE = ("act", "package", "bill", "proposal")
"""Particulars that name one and the same measure on its way."""


def denied(assertion: Assertion) -> bool:
    """Whether the step itself is denied."""
    return assertion.polarity is Polarity.negated or assertion.attribution == "denied"


def polarity_of(assertion: Assertion) -> str:
    """Affirmed, or negated where it is denied."""
    return Polarity.negated if denied(assertion) else Polarity.affirmed


def planned(reality: str) -> bool:
    """Whether it is told as to come: scheduled, conditional, hypothetical or wished."""
    return reality in PLANNED


def same_values(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two statements of one particular may mean the same: one value of each is in the other."""
    return any(_same_value(a.casefold(), b.casefold()) for a in ours for b in theirs)


def _same_value(a: str, b: str) -> bool:
    shorter, longer = sorted((set(a.split()), set(b.split())), key=len)
    return a == b or (bool(shorter) and shorter <= longer)


def differing(status: Status, ours: Particulars, theirs: Particulars) -> str | None:
    """The particular whose stated values differ, of those that make this status count again; a particular not stated matches any."""
    for name in status.again_when:
        a, b = values_of(name, ours), values_of(name, theirs)
        if a and b and not same_values(a, b):
            return name
    return None


def differing_what(status: Status, ours: Particulars, theirs: Particulars) -> str | None:
    """As `differing`, but who acts does not count: what one side says was done, another can deny."""
    name = differing(status, ours, theirs)
    return None if name in WHO else name


def values_of(name: str, particulars: Particulars) -> tuple[str, ...]:
    """The stated values of a particular; the names of a measure (act, package, bill) answer for each other."""
    if name in MEASURE:
        return tuple(value for other in MEASURE for value in particulars.get(other, ()))
    return particulars.get(name, ())


def one_more(dossier: Dossier, status: Status, said: Assertion, polarity: str) -> str | None:
    """The particular by which somebody acts who had not before: a side, speaker or body beyond all that this status was told of."""
    for name in (n for n in status.again_when if n in WHO and said.particulars.get(n)):
        alike = [
            t for t in dossier.taken if (t.status, t.polarity) == (said.status, polarity) and same_time(said.reality, t)
        ]
        known = tuple(value for taken in alike for value in taken.particulars.get(name, ()))
        unstated = any(not taken.particulars.get(name) for taken in alike)
        if known and not unstated and any(not same_values((value,), known) for value in said.particulars[name]):
            return name
    return None


def pinned(status: Status, ours: Particulars, theirs: Particulars) -> bool:
    """Whether both state the same plan, round, day, act or case: then it is that one, whatever came between."""
    what = (name for name in status.again_when if name not in WHO | WHERE)
    return any(ours.get(n) and theirs.get(n) and same_values(ours[n], theirs[n]) for n in what)


def another_day(status: Status, ours: Particulars, day: date, taken: Taken) -> bool:
    """Whether the report, which states no day, is of another day by its own date (where a day makes the status count again)."""
    unstated = not ours.get("day") or not taken.particulars.get("day")
    return "day" in status.again_when and unstated and abs((day - taken.day).days) > A_CYCLE


def ended_since(dossier: Dossier, place: int, family: Family) -> bool:
    """Whether the dossier ended, or what it had reached was undone, after the step at `place`."""
    undoing = {*family.ends_with, *family.unreached}
    return any(t.status in undoing and t.happened for t in dossier.taken[place + 1 :])


def broken_since(dossier: Dossier, place: int, family: Family, day: date) -> bool:
    """Whether what had been reached at `place` was broken since, on a day before this report's."""
    breaking = {name for reached in family.reached for name in family.statuses[reached].again_after}
    return any(t.status in breaking and t.happened and t.day < day for t in dossier.taken[place + 1 :])


def undone_since(dossier: Dossier, place: int, said: Assertion, family: Family) -> bool:
    """Whether a step that lets this status count again was taken after the one at `place`.

    A breach alone undoes nothing for good: what is in effect counts again only when it was agreed or planned anew since, or when
    somebody gives his word that it holds; without a speaker it is the outlet's manner of speaking of the truce.
    """
    status = family.statuses[said.status]
    since = [t for t in dossier.taken[place + 1 :] if t.stands and t.polarity == "affirmed"]
    undoing = [t for t in since if t.happened and _undoes(t.status, status, family)]
    lasting = {*family.unreached, *family.ends_with, *family.reached}
    anew = any(t.status in family.reached for t in since) or said.attribution in ("confirmed", "claimed")
    return any(t.status in lasting or _relieves(status, family) or anew for t in undoing)


def ran_out_since(dossier: Dossier, place: int, family: Family) -> bool:
    """Whether a minute has told since that the term passed."""
    return any(t.status == family.expires_as and t.assertion is None for t in dossier.taken[place + 1 :])


def _undoes(taken: str, status: Status, family: Family) -> bool:
    """Whether a taken status is one that lets this one count again; a kin of these does too, if it presupposes them."""
    kin = {family.statuses[name].group for name in status.again_after}
    return taken in status.again_after or (taken in family.reached and family.statuses[taken].group in kin)


def _relieves(status: Status, family: Family) -> bool:
    """Whether the status is none that a breach could interrupt."""
    return not any(family.statuses[name].group == status.group for name in family.reached)


def same_time(reality: Reality | str, taken: Taken) -> bool:
    """Whether a report of this reality tells the taken step again: a plan again as a plan, or as a plan what has been done already."""
    return planned(reality) == planned(taken.reality) or (planned(reality) and taken.happened)


def another_length(said: Assertion, taken: Taken) -> bool:
    """Whether both state how long it is to last, and the lengths differ: a truce of 72 hours is not the one of five days."""
    ours, theirs = length_of(said.duration or ""), length_of(taken.duration or "")
    return ours is not None and theirs is not None and ours != theirs


def anew(said: Assertion, taken: Taken, family: Family, day: date) -> bool:
    """Whether the status is told as news after days in which nobody told it: then it was taken anew."""
    return bool(family.statuses[said.status].again_when) and (day - taken.last_told).days > SILENT_DAYS


def another_time(said: Assertion, taken: Taken) -> bool:
    """Whether a plan has a new time: both state one, and they are of different days."""
    starts = said.effective_from.iso if said.effective_from else None
    return planned(said.reality) and bool(starts and taken.starts) and (starts or "")[:10] != (taken.starts or "")[:10]
