"""Base forms of the verbs that the lexicon knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from services.tagging.inflection import forms_of
from services.tagging.lexicon import english

PLAIN = frozenset(
    [
        "hold",
        "begin",
        "start",
        "commence",
        "last",
        "survive",
        "endure",
        "persist",
        "collapse",
        "expire",
        "end",
        "lapse",
        "crumble",
        "unravel",
        "fail",
        "rupture",
        "implode",
        "resume",
        "return",
        "remain",
        "stay",
        "stand",
        "continue",
        "snap",
        "face",
        "take",
        "come",
        "go",
        "enter",
        "kick",
        "get",
        "break",
        "fall",
        "run",
        "lie",
        "be",
    ]
)


@cache
def _lemmas() -> Mapping[str, str]:
    tongue = english()
    found: dict[str, str] = {}
    verbs = {entry.words[0] for entries in tongue.governors.values() for entry in entries if entry.form == "base"}
    for verb in sorted(verbs | set(tongue.irregular) | PLAIN):
        for form in forms_of(verb, tongue.irregular, tongue.doubling):
            found.setdefault(form, verb)
    return found


def lemma_of(form: str) -> str:
    """The base form of a verb that the lexicon knows, else the form itself."""
    return _lemmas().get(form, form)
