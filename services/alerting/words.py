"""The first two lines of an alert: what, with its certainty in the same phrase; who says so, and how sure that is.

One pure function of the values of a step. A bare status word stands only for what is actual, affirmed and confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.alerting.names import Name, Piece, fitted, joined
from services.alerting.wording import StatusWords, Wording, wording_of

LIMIT = 150
DONE = ("historical", "background")
UNREAL = {"scheduled": "planned", "conditional": "conditional", "hypothetical": "talked of", "wished": "hoped for"}
UNNAMED = {
    "party": "one side",
    "mediator": "a mediator",
    "guarantor": "a guarantor",
    "imposer": "the imposer",
    "target": "the target",
    "third_state": "a state",
    "official": "an official",
    "analyst": "an analyst",
    None: "a source",
}
TITLED = ("analyst", "mediator", "official")
ORIGINS = {0: "legal text", 1: "agency/party", 2: "outlet", 3: "channel"}


@dataclass(frozen=True)
class Telling:
    """All that the words depend on. Names are for people; `reached` says whether the thing is agreed or in effect and
    stands, `stands` whether what is corrected is said again.
    """

    family: str
    status: str
    reality: str
    polarity: str
    attribution: str
    title: str
    kind: str = "new"
    stands: bool = False
    speaker: str | None = None
    role: str | None = None
    was: str | None = None
    was_reality: str | None = None
    reached: bool = False
    others: tuple[str, ...] = ()
    when: str | None = None
    evidence: str = ""
    origins: int = 1
    tier: int = 2
    outlet: str = ""
    reason: str = ""


def lines(telling: Telling) -> tuple[str, str]:
    """The first and the second line; together at most `LIMIT` characters, shortened inside names only."""
    first, second = fitted((_first(telling), _second(telling)), LIMIT)
    return first, second


def also_line(telling: Telling, lead_title: str) -> str:
    """One line for a step that is carried along; its dossier is named only where it is not the lead's."""
    pieces = _what(telling)
    title: tuple[Piece, ...] = () if telling.title == lead_title else (" · ", Name(telling.title))
    return fitted(((*pieces, *title),), LIMIT)[0]


def _first(telling: Telling) -> tuple[Piece, ...]:
    was = _was(telling)
    return (*_what(telling), *((f" (was: {was})",) if was else ()), " · ", Name(telling.title))


def _what(telling: Telling) -> tuple[Piece, ...]:
    if telling.kind == "corrected":
        return (f"CORRECTED, outlet {'says again' if telling.stands else 'no longer says'}: ", _quiet(telling))
    if telling.kind == "retracted":
        return ("RETRACTED by the desk: ", _quiet(telling))
    if telling.kind == "silence":
        return ("NOTHING HEARD since its term: ", _quiet(telling))
    framed = FRAMES[telling.attribution](telling)
    if telling.kind == "contradicted" and telling.attribution != "denied":
        return ("CONTRADICTED, now: ", *framed)
    return framed


def _confirmed(telling: Telling) -> tuple[Piece, ...]:
    by = _words(telling).by if _is_done(telling) and telling.speaker else "says"
    doer = (" by ", *_speaker(telling)) if by != "says" else ()
    return (_loud(telling), *doer, _tail(telling))


def _claimed(telling: Telling) -> tuple[Piece, ...]:
    if _words(telling).by == "always" and _is_done(telling):
        return (_loud(telling), " by ", *_speaker(telling), _tail(telling))
    said = (", says ", *_speaker(telling))
    return (_loud(telling), *said, _tail(telling)) if _is_ours(telling) else (_loud(telling), _tail(telling), *said)


def _denied(telling: Telling) -> tuple[Piece, ...]:
    by: tuple[Piece, ...] = (" by ", *_speaker(telling)) if telling.speaker else ()
    return ("DENIED", *by, ": ", _quiet(telling, affirmed=True))


def _disputed(telling: Telling) -> tuple[Piece, ...]:
    return ("DISPUTED: ", _quiet(telling))


def _unattributed(telling: Telling) -> tuple[Piece, ...]:
    many = telling.origins > 1
    count = f"{telling.origins} origins" if many else "one origin"
    tail = f"{_tail(telling)}, {count}" if _is_done(telling) else ""
    if tail and _is_ours(telling):
        tail = f", {count}{_tail(telling)}"
    return ("OUTLETS SAY " if many else "OUTLET SAYS ", _quiet(telling), tail)


FRAMES = {
    "confirmed": _confirmed,
    "claimed": _claimed,
    "denied": _denied,
    "disputed": _disputed,
    "unattributed": _unattributed,
}


def _speaker(telling: Telling) -> tuple[Piece, ...]:
    if not telling.speaker:
        return (UNNAMED[telling.role],)
    title = f"{telling.role} " if telling.role in TITLED else ""
    return (title, Name(telling.speaker))


def _wording(telling: Telling) -> Wording:
    return wording_of(telling.family)


def _words(telling: Telling) -> StatusWords:
    return _wording(telling).statuses[telling.status]


def _is_done(telling: Telling) -> bool:
    return telling.reality == "actual" and telling.polarity == "affirmed"


def _loud(telling: Telling) -> str:
    """The status in capitals, with its reality in the same phrase; never bare if it is not actual and affirmed."""
    thing = _wording(telling).thing(telling.evidence)
    thing = thing if telling.reality in DONE else thing.upper()
    return _said(telling).replace("{thing}", thing).replace("{THING}", thing)


def _quiet(telling: Telling, affirmed: bool = False) -> str:
    """The same in small letters, as somebody's words; `affirmed` gives what a denial denies."""
    words = _words(telling)
    positive = affirmed or telling.polarity == "affirmed"
    if positive and telling.reality in ("actual", *DONE):
        said = words.claim if telling.reality == "actual" else f"earlier, {words.claim}"
        return said.replace("{thing}", _wording(telling).thing(telling.evidence))
    said = _said(telling, affirmed=positive, quiet=True) + (_tail(telling) if positive and not affirmed else "")
    return said.replace("{thing}", _wording(telling).thing(telling.evidence))


def _said(telling: Telling, affirmed: bool | None = None, quiet: bool = False) -> str:
    words = _words(telling)
    positive = telling.polarity == "affirmed" if affirmed is None else affirmed
    template = (_affirmed if positive else _negated)(words, telling.reality)
    template = template.lower() if quiet else template
    return " ".join(template.replace("{when}", telling.when or words.unsaid).split())


def _affirmed(words: StatusWords, reality: str) -> str:
    noun = words.noun.upper()
    return {
        "actual": words.done,
        "scheduled": words.scheduled or f"{noun} PLANNED {{when}}",
        "conditional": words.conditional or f"{noun} ON CONDITION",
        "hypothetical": f"TALK OF {noun}",
        "wished": f"{noun} HOPED FOR",
    }.get(reality, f"EARLIER, NOT NEWS: {words.claim}").replace("{WHEN}", "{when}")


def _negated(words: StatusWords, reality: str) -> str:
    noun = words.noun.upper()
    return {
        "actual": words.negated,
        "scheduled": f"NO {noun} PLANNED",
        "conditional": f"NO {noun} EXCEPT ON CONDITION",
        "hypothetical": f"NO {noun} EXPECTED",
        "wished": f"NO {noun} WANTED",
    }.get(reality, f"EARLIER, NOT NEWS: {words.negated.lower()}")


def _tail(telling: Telling) -> str:
    """What keeps a phrase from being read as more than it says; empty where the phrase says it."""
    words = _words(telling)
    if telling.polarity == "negated" or telling.reality in DONE:
        return ""
    if words.yet and not telling.reached:
        return f", {_wording(telling).yet}"
    if telling.reality == "actual":
        return f", {words.tail}" if words.tail else ""
    timed = telling.reality == "scheduled" and (words.unsaid or (telling.when and not words.scheduled))
    return "" if timed else f", {words.undone}"


def _is_ours(telling: Telling) -> bool:
    """Whether the tail is what the dossier says, not the speaker: it must not stand before who says so."""
    return _words(telling).yet and not telling.reached


def _was(telling: Telling) -> str:
    """What the dossier was before, where that differs from what is told."""
    says_it_itself = telling.kind in ("corrected", "retracted", "silence") or (
        telling.kind == "contradicted" and telling.attribution != "denied"
    )
    unsure_of_what_may_be = telling.attribution in ("denied", "disputed") and telling.reality != "actual"
    if telling.was is None or says_it_itself or unsure_of_what_may_be:
        return ""
    unreal = UNREAL.get(telling.was_reality or "")
    same = telling.was == telling.status and telling.kind != "contradicted"
    if same and (telling.was_reality or "actual") in (telling.reality, *DONE):
        return ""
    return unreal or _wording(telling).statuses[telling.was].label


def _second(telling: Telling) -> tuple[Piece, ...]:
    count = f"{telling.origins} origin{'s' if telling.origins != 1 else ''} ({ORIGINS[telling.tier]})"
    return (*_how_sure(telling), " · ", count)


def _how_sure(telling: Telling) -> tuple[Piece, ...]:
    if telling.kind in ("corrected", "retracted"):
        who: Piece = Name(telling.outlet or "The outlet") if telling.kind == "corrected" else "The desk"
        return (who, ": ", Name(telling.reason)) if telling.reason else (who, " changed its report")
    if telling.attribution == "unattributed":
        return ("Own words of ", Name(telling.outlet or "the outlet"))
    if not telling.speaker and telling.attribution == "claimed":
        return ("Speaker not named",)
    if not telling.speaker and telling.role is None:
        return (_verb(telling), ", speaker not named")
    speaker = (
        (Name(telling.speaker),)
        if telling.speaker and telling.attribution in ("claimed", "denied")
        else _speaker(telling)
    )
    return (_verb(telling), " by ", *speaker, *_unconfirmed(telling))


def _verb(telling: Telling) -> str:
    if telling.attribution != "confirmed":
        return {"claimed": "Claimed", "denied": "Denied", "disputed": "Disputed, said"}[telling.attribution]
    own = _words(telling).by == "by" or not _is_done(telling)
    return "Stated" if own else "Confirmed"


def _unconfirmed(telling: Telling) -> tuple[Piece, ...]:
    takes_both = telling.status in _wording(telling).jointly and _is_done(telling)
    if not (takes_both and telling.attribution == "claimed" and telling.role == "party" and telling.others):
        return ()
    return (" · not confirmed by ", Name(joined(telling.others)))
