"""From a step to all that its words depend on: names for people, what stood before, and the time that the text gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from schemas.articles import Head
from schemas.assertions import Assertion, DateSlot, Precision
from schemas.entities import Entity, EntityType
from schemas.families import Family, families
from schemas.steps import Dossier, Step
from services.alerting.names import joined, name_of
from services.alerting.rules.subject import backing_of
from services.alerting.words import Telling

ACTORS = ("party", "imposer", "target", "guarantor", "third_state")


def telling_of(step: Step, head: Head | None, entities: Iterable[Entity] = ()) -> Telling:
    """What the words of this step depend on. A step without an assertion is told as the desk's or the clock's own."""
    said = step.assertion
    speaker = _speaker(said, entities)
    origins, tier = backing_of(step, head)
    return Telling(
        family=step.family,
        status=step.status,
        reality=step.reality,
        polarity=step.polarity,
        attribution=_attribution(said, head),
        title=title_of(step.dossier),
        kind=step.kind.value,
        stands=step.stands,
        speaker=speaker,
        role=said.speaker_role.value if said and said.speaker_role else None,
        was=step.was if step.was in families()[step.family].statuses else None,
        was_reality=step.was_reality,
        reached=is_reached(step, families()[step.family]),
        others=_others(step, said, speaker),
        when=_when(said, head),
        evidence=said.evidence if said else "",
        origins=origins,
        tier=tier,
        outlet=head.outlet.name if head else "",
        reason=step.reason.replace("_", " "),
    )


def is_reached(step: Step, family: Family) -> bool:
    """Whether the thing was agreed or in effect before this step, or once was: then nobody says "not yet"."""
    was_real = step.was_reality in (None, "actual", "background", "historical")
    known = {*family.reached, *family.unreached}
    return step.dossier.ever_reached or (step.was in known and was_real)


def title_of(dossier: Dossier) -> str:
    """The dossier's name for people: its roles by name, else the title that it was given."""
    if dossier.parties:
        return "-".join(map(name_of, dossier.parties))
    if dossier.target:
        return f"{_shown(dossier.imposer) or 'imposer not stated'} on {_shown(dossier.target)}"
    return dossier.title or dossier.theatre or f"{_shown(dossier.imposer) or 'parties not stated'}"


def _shown(codes: tuple[str, ...]) -> str:
    """States alone where there are any: firms and persons stand in the slots of the alert."""
    states = tuple(code for code in codes if name_of(code) != code or len(code) == 2)
    return joined([name_of(code) for code in states or codes])


def slots_of(step: Step) -> tuple[str, ...]:
    """What the text says of the step's particulars, one line each; an empty slot says "not stated"."""
    said = step.assertion
    if said is None:
        return ()
    named = {role: getattr(said, role) or getattr(step.dossier, role) for role in families()[step.family].roles}
    slots: dict[str, tuple[str, ...]] = {
        **{role.capitalize(): tuple(map(name_of, codes)) for role, codes in named.items()},
        "Place": said.place,
        "Effective from": (said.effective_from.text,) if said.effective_from else (),
        "Duration": (said.duration,) if said.duration else (),
        "Conditions": said.conditions,
    }
    return tuple(f"{label}: {', '.join(values) or 'not stated'}" for label, values in slots.items())


def _attribution(said: Assertion | None, head: Head | None) -> str:
    if said is None:
        return "confirmed"
    legal = head is not None and head.outlet.tier == 0
    return "confirmed" if legal and said.attribution == "unattributed" else said.attribution.value


def _speaker(said: Assertion | None, entities: Iterable[Entity]) -> str | None:
    """The speaker for people: a state for its government, ministry or capital; a person by name."""
    if said is None or not said.speaker:
        return None
    entity = _named(said.speaker, entities)
    if entity is None:
        return name_of(said.speaker)
    is_state = entity.type in (EntityType.place, EntityType.organisation, EntityType.group) and entity.country
    acts = said.speaker_role is not None and said.speaker_role.value in ACTORS
    return name_of(entity.country) if is_state and acts and entity.country else (entity.name or said.speaker)


def _named(speaker: str, entities: Iterable[Entity]) -> Entity | None:
    low = speaker.casefold()
    return next((each for each in entities if low in (each.text.casefold(), (each.name or "").casefold())), None)


def _others(step: Step, said: Assertion | None, speaker: str | None) -> tuple[str, ...]:
    parties = (said.parties or step.dossier.parties) if said is not None else ()
    names = tuple(map(name_of, parties))
    return tuple(name for name in names if name != speaker) if speaker in names else ()


def _when(said: Assertion | None, head: Head | None) -> str | None:
    """`Mon 06:00 local`, `Mon`, `17 Mar`, `March 2025`: as exact as the text, with the date where the weekday is not enough."""
    slot = said.effective_from if said is not None else None
    if said is not None and said.status in ("ended", "lapsed"):
        slot = said.ends_at or slot
    return _moment(slot, head) if slot else None


def _moment(slot: DateSlot, head: Head | None) -> str:
    try:
        moment = datetime.fromisoformat(slot.iso)
    except ValueError:
        return slot.text
    return _spoken(moment, slot.precision, head)


def _spoken(moment: datetime, precision: Precision, head: Head | None) -> str:
    if precision in (Precision.month, Precision.year):
        return moment.strftime("%B %Y" if precision is Precision.month else "%Y")
    seen = (head.published or head.fetched).date() if head else None
    near = seen is not None and 0 <= (moment.date() - seen).days <= 6
    day = moment.strftime("%a") if near else f"{moment.day} {moment:%b}"
    if precision not in (Precision.minute, Precision.hour):
        return day
    return f"{day} {moment:%H:%M} {'UTC' if moment.utcoffset() == timedelta(0) else 'local'}"
