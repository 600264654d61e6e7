"""The words of one family, as section `wording` of its file holds them."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.families import families


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StatusWords(_Strict):
    """How one status is said.

    `done` stands bare only for what is actual, affirmed and confirmed. `claim` follows "says", "denied" and "no longer says"; `noun`
    is planned, hoped for or made conditional, and `undone` follows it. `scheduled` and `conditional` replace what `noun` would give;
    `unsaid` stands for a time that the text does not give; `by` says whether the speaker is the doer. `yet` asks for the family's
    "not yet" while nothing is reached.
    """

    label: str
    done: str
    claim: str
    noun: str
    undone: str
    negated: str
    tail: str = ""
    scheduled: str = ""
    conditional: str = ""
    unsaid: str = ""
    by: Literal["says", "by", "always"] = "says"
    yet: bool = False


class Wording(_Strict):
    """The section `wording` of one family. `jointly`: the statuses that concern both sides, so that one side's word is not the other's."""

    statuses: dict[str, StatusWords]
    yet: str = ""
    jointly: tuple[str, ...] = ()
    things: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def thing(self, evidence: str) -> str:
        """What the evidence speaks of, where a status is said of several things; the first of them if it names none."""
        low = evidence.casefold()
        found = (thing for thing, words in self.things.items() if any(word in low for word in words))
        return next(found, next(iter(self.things), ""))


@cache
def wording_of(family: str) -> Wording:
    """The wording of a family. Raises `ValueError` when a status has no words, or words stand for no status."""
    known = families()[family]
    wording = Wording.model_validate(known.wording)
    if odd := wording.statuses.keys() ^ known.statuses.keys():
        raise ValueError(f"{family}.yaml: {sorted(odd)} must stand both under `statuses` and under `wording.statuses`")
    return wording
