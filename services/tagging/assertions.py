"""Assertions: a decided candidate as the fact that leaves the service, every slot with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from schemas.assertions import Assertion, Codes, Why
from schemas.ids import assertion_id
from services.tagging.actors import Actor
from services.tagging.candidates import Candidate
from services.tagging.deciding import Decided, Decision
from services.tagging.lexicon import Reading
from services.tagging.slots import particulars_of, slots_of
from services.tagging.speakers import Speaker, speaker_of

BACKGROUND = "background"
HISTORICAL = "historical"
AS_LIKELY = 0.5


def assertion_of(
    decided: Decided,
    reading: Reading,
    version: UUID,
    place: int,
    date: str | None,
    decision: Decision,
    around: Sequence[Actor],
    speaking: frozenset[str] = frozenset(),
) -> tuple[Assertion, tuple[Why, ...]]:
    """The assertion, and why each of its slots says what it says."""
    candidate, status = decided.candidate, reading.family.statuses[decided.candidate.verdict.status]
    speaker, slots = _speaker(decided, reading, decision, around, speaking), slots_of(candidate, date)
    slots["place"] = _places(candidate)
    sentence, roles = candidate.read.sentence, candidate.roles
    assertion = Assertion(
        id=assertion_id(version, place),
        family=candidate.family,
        status=candidate.verdict.status,
        reality=_reality(decided),
        polarity=candidate.verdict.polarity,
        main=decided.main,
        attribution=speaker.attribution,
        speaker=speaker.name,
        speaker_role=speaker.role,
        chain=speaker.chain,
        parties=roles.parties,
        imposer=roles.imposer,
        target=roles.target,
        evidence=sentence.text,
        field=sentence.field,
        start=sentence.start,
        end=sentence.end,
        marks=(_mark(candidate),),
        confidence=_confidence(decided, decision),
        codes=Codes(cameo=status.cameo, plover=reading.family.codes.get("plover", {}).get(status.group)),
        particulars=particulars_of(candidate, status.again_when, slots, date),
        theatre=_theatre(candidate, around),
        **slots,
    )
    return assertion, _why(decided, speaker, decision, assertion)


def _confidence(decided: Decided, decision: Decision) -> float:
    """As likely as the model says; what a rule tells against the model is at least as likely as not, or it would not be told."""
    if not decided.main:
        return round(decided.probability, 3)
    return round(max(decided.probability, decision.probability, AS_LIKELY), 3)


def _speaker(
    decided: Decided, reading: Reading, decision: Decision, around: Sequence[Actor], speaking: frozenset[str]
) -> Speaker:
    """Who says it. The body beats the headline: one that names no speaker is as sure as the first sentence below that says the same."""
    speaker = speaker_of(decided.candidate, reading, around, speaking)
    if decided.candidate.read.sentence.field != "headline" or speaker.attribution not in {"confirmed", "unattributed"}:
        return speaker
    status = decided.candidate.verdict.status
    below = (d for d in decision.decided if d.candidate.read.sentence.field == "text" and d.main == decided.main)
    same = next((d.candidate for d in below if d.candidate.verdict.status == status), None)
    return speaker if same is None else speaker_of(same, reading, around, speaking)


def _reality(decided: Decided) -> str:
    """What is not told as news and was told as done is background, or history where the words say so."""
    candidate = decided.candidate
    if decided.main or not candidate.verdict.done:
        return candidate.verdict.reality
    return HISTORICAL if candidate.past_words else BACKGROUND


def _mark(candidate: Candidate) -> tuple[int, int]:
    words, claim = candidate.read.words, candidate.claim
    first = min(claim.first, candidate.mood.outer_verb)
    return words[first].start, words[claim.last - 1].end


def _places(candidate: Candidate) -> tuple[str, ...]:
    kinds = {"city", "region", "capital"}
    return tuple(
        dict.fromkeys(a.name for a in candidate.read.actors if a.kind in kinds and a.start > candidate.claim.first)
    )[:3]


def _theatre(candidate: Candidate, around: Sequence[Actor]) -> str | None:
    if candidate.roles.parties or candidate.roles.target:
        return None
    return next((a.name for a in [*candidate.read.actors, *around] if a.kind in {"state", "region"}), None)


def _why(decided: Decided, speaker: Speaker, decision: Decision, made: Assertion) -> tuple[Why, ...]:
    candidate = decided.candidate
    reason = "; ".join(candidate.verdict.because) or "what stands there"
    over = "; ".join(candidate.mood.because) or "nothing stands over it"
    main = f"{decided.probability:.2f} likely to be current news; {decision.because}"
    return (
        Why(slot="status", value=made.status, because=reason),
        Why(slot="reality", value=made.reality, because=over if decided.main else f"{over}; not told as news"),
        Why(slot="polarity", value=made.polarity, because=over),
        Why(slot="main", value=str(made.main).lower(), because=main),
        Why(slot="attribution", value=made.attribution, because=speaker.because),
        *(
            Why(slot=name, value=", ".join(values), because="named beside it in the sentence or in the lead")
            for name in ("parties", "imposer", "target")
            if (values := getattr(made, name))
        ),
    )
