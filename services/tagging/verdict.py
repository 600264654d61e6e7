"""Verdict: the status, reality and polarity of a claim, from its act and all that stands over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.tagging.claims import Claim
from services.tagging.lexicon import Reading
from services.tagging.mood import Mood

SPEECH = frozenset(
    {"call", "seek", "threaten", "weigh", "propose", "refuse", "oppose", "block", "accuse", "deny", "try"}
)
"""Governors whose own act is the news: a call that may be heeded is a call."""
UNLESS_SAID = frozenset({"deny", "refuse", "oppose", "block"})
SAME = "same"
REALITIES = frozenset({"actual", "scheduled", "conditional", "hypothetical", "wished"})


@dataclass(frozen=True)
class Verdict:
    """How a claim reads. `because` says in plain words what gave each value."""

    status: str
    reality: str = "actual"
    polarity: str = "affirmed"
    because: tuple[str, ...] = field(default=())

    @property
    def done(self) -> bool:
        """Whether it is told as done."""
        return self.reality == "actual" and self.polarity == "affirmed"


def verdict_of(claim: Claim, mood: Mood, reading: Reading) -> Verdict:
    """What this claim says."""
    known = reading.compose
    verdict = _with_head(
        Verdict(claim.base, because=tuple(claim.because)), claim, reading.family.tagging.get("heads_over", {})
    )
    for governor in mood.chain:
        verdict = _composed(verdict, known.get(governor, {}), f"“{governor}” stands over it")
    speech = bool(SPEECH & set(mood.chain))
    if mood.negated:
        verdict = _negated(verdict, mood, known)
    if mood.modal and not speech:
        verdict = _composed(verdict, known.get(mood.modal, {}), f"“{mood.modal}” before its verb")
    if mood.infinitive and not mood.chain and not mood.modal:
        over = (
            ("purpose", "an infinitive after a verb that is done")
            if mood.purpose
            else ("plan", "an infinitive: to come")
        )
        verdict = _composed(verdict, known.get(over[0], known.get("plan", {})), over[1])
    if mood.ahead and verdict.done:
        verdict = _composed(verdict, known.get("ahead", {"*": "same/scheduled"}), "the present with a time to come")
    if mood.or_else and not speech and verdict.reality in {"scheduled", "conditional"}:
        return _composed(verdict, known.get("unless", {"*": "same/conditional"}), "“unless”, or “or else”")
    if mood.conditional and mood.condition == "inside":
        verdict = _composed(verdict, known.get("if", {}), "it stands in an if-clause")
    elif mood.conditional and (not speech or "propose" in mood.chain) and _open(verdict, mood):
        verdict = replace(verdict, reality="conditional", because=(*verdict.because, "a condition is given"))
    return verdict


def _open(verdict: Verdict, mood: Mood) -> bool:
    return bool(mood.modal or mood.chain or mood.infinitive or verdict.reality != "actual" or mood.form == "ing")


def _with_head(verdict: Verdict, claim: Claim, over: Mapping[str, Mapping[str, str]]) -> Verdict:
    if not claim.head or claim.cue is None:
        return verdict
    return _composed(verdict, over.get(claim.head, {}), f"said of the noun for {claim.head}")


def _negated(verdict: Verdict, mood: Mood, known: Mapping[str, Mapping[str, str]]) -> Verdict:
    outer = mood.chain[-1] if mood.chain else ""
    if outer in UNLESS_SAID:
        return Verdict(
            verdict.status, "hypothetical", "affirmed", (*verdict.because, "a refusal denied is a possibility")
        )
    return _composed(verdict, known.get("negated", {"*": "same/negated"}), "it is negated")


def _composed(verdict: Verdict, table: Mapping[str, str], why: str) -> Verdict:
    entry = table.get(verdict.status, table.get("*", SAME))
    status, _, how = entry.partition("/")
    status = verdict.status if status == SAME else status
    because = (*verdict.because, why) if entry != SAME else verdict.because
    if how in REALITIES:
        return Verdict(status, how, verdict.polarity, because)
    if how == "negated":
        return Verdict(status, verdict.reality, "negated", because)
    return Verdict(status, verdict.reality, verdict.polarity, because)
