"""Base forms of the verbs that the lexicon knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from services.tagging.inflection import forms_of
from services.tagging.lexicon import english


@cache
def _lemmas() -> Mapping[str, str]:
    tongue = english()
    found: dict[str, str] = {}
    verbs = {
        entry.words[0]
        for phrases in tongue.governors.values()
        for entries in phrases.values()
        for entry in entries
        if entry.form == "base"
    }
    for verb in sorted(verbs | set(tongue.irregular) | tongue.words["intransitive"] | tongue.words["subject_phrases"]):
        for form in forms_of(verb, tongue.irregular, tongue.doubling):
            found.setdefault(form, verb)
    return found


def lemma_of(form: str) -> str:
    """The base form of a verb that the lexicon knows, else the form itself."""
    return _lemmas().get(form, form)


@cache
def known_verbs() -> frozenset[str]:
    """The base forms of all verbs that the lexicon knows."""
    return frozenset(_lemmas().values())
