"""The checker of an acceptance article: assertions against `must`, `may` and `must_not` of its `expected.json`.

`must`: one assertion with an accepted status and reality whose evidence overlaps one of the sentences (and main, parties, speaker,
duration, conditions where they are given). `may`: allowed. `must_not`: never. Whatever else is told as actual, affirmed news is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Said = Mapping[str, Any]
ALONE = ("actual", "affirmed")
OVERLAP = 0.5
NUMBERS = {word: str(number) for number, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])} | {
    "twelve": "12", "fourteen": "14", "twenty": "20", "thirty": "30", "sixty": "60", "ninety": "90",
}  # fmt: skip


def faults_of(said: Sequence[Said], expected: Mapping[str, Any]) -> list[str]:
    """What is wrong, one sentence a fault; empty when all is right."""
    missing = [
        f"missing: {want['name']}: {_nearest(said, want)}"
        for want in expected["must"]
        if not any(fits(one, want) for one in said)
    ]
    never = [f"never: {_short(one)}" for one in said for want in expected["must_not"] if _forbidden(one, want)]
    allowed = [*expected["must"], *expected["may"]]
    stray = [
        f"not expected: {_short(one)}"
        for one in said
        if _told_as_done(one) and not any(_allows(one, want) for want in allowed)
    ]
    return [*missing, *dict.fromkeys([*never, *stray])]


def fits(one: Said, want: Mapping[str, Any]) -> bool:
    """Whether this assertion is the wanted one, in every slot that is asked for."""
    return not _unfit(one, want)


def _unfit(one: Said, want: Mapping[str, Any]) -> list[str]:
    checks = {
        "family": one["family"] == want["family"],
        "status": one["status"] in want["status"],
        "reality": "reality" not in want or one["reality"] in want["reality"],
        "evidence": any(overlaps(one["evidence"], sentence) for sentence in want["evidence"]),
        "main": want.get("main") is None or one["main"] == want["main"],
        "parties": _roles(one, want, "parties"),
        "imposer": _roles(one, want, "imposer"),
        "target": _roles(one, want, "target"),
        "speaker": "speaker" not in want or one["speaker"] in want["speaker"],
        "duration": "duration" not in want or plain(one.get("duration") or "") == plain(want["duration"]),
        "conditions": not want.get("conditions") or bool(one.get("conditions")),
    }
    return [name for name, right in checks.items() if not right]


def _roles(one: Said, want: Mapping[str, Any], role: str) -> bool:
    if role not in want:
        return True
    given, asked = set(one[role]), set(want[role])
    return given == asked if asked else given <= set(want.get("also_accepted", ()))


def overlaps(evidence: str, sentence: str) -> bool:
    """Whether the shorter of two sentences shares half of its words with the other."""
    a, b = _words(evidence), _words(sentence)
    return bool(a and b) and len(a & b) >= OVERLAP * min(len(a), len(b))


def plain(duration: str) -> str:
    """A duration in one spelling: digits, singular unit."""
    words = re.findall(r"[a-z]+|\d+", duration.lower())
    return " ".join(NUMBERS.get(word, word).removesuffix("s") for word in words)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _told_as_done(one: Said) -> bool:
    return bool(one["main"]) and (one["reality"], one["polarity"]) == ALONE


def _allows(one: Said, want: Mapping[str, Any]) -> bool:
    return not set(_unfit(one, want)) & {"family", "status", "evidence"}


def _forbidden(one: Said, want: Mapping[str, Any]) -> bool:
    same = one["family"] == want["family"] and one["status"] in want["status"] and one["reality"] in want["reality"]
    return bool(same and one["polarity"] == "affirmed" and one["main"])


def _nearest(said: Iterable[Said], want: Mapping[str, Any]) -> str:
    near = min(
        ((len(_unfit(one, want)), _unfit(one, want), _short(one)) for one in said),
        default=None,
        key=lambda found: found[0],
    )
    return f"nearest is wrong in {', '.join(near[1])}: {near[2]}" if near else "nothing was said"


def _short(one: Said) -> str:
    return f"{one['family']} {one['status']} {one['reality']} {one['polarity']}{' main' if one['main'] else ''}: {one['evidence'][:90]}"
