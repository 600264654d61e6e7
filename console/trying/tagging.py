"""`copytaster try tagging`: who, where and what happened, of one headline and text after the other."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from console.trying import Answering, Line, LineRejected, Options
from schemas import ids
from services.tagging.model import WEIGHTS, weights_in
from services.tagging.tagging import Story, Tagged, tag

WITHOUT_MEMORY = True


def opened(options: Options) -> Answering:
    """The function that tags one line; `--model FILE` takes weights from that file."""
    weights = weights_in(options.model or WEIGHTS)
    return partial(_answer, options, weights)


def _answer(options: Options, weights: Any, line: Line) -> Line:
    tagged = tag(_story(line), weights, always_entities=not options.gated)
    if tagged.unread:
        raise LineRejected(f"language_not_read: {tagged.unread}")
    return _shown(tagged, options)


def _story(line: Line) -> Story:
    headline, text = line.get("headline") or "", line.get("text") or ""
    if not isinstance(headline, str) or not isinstance(text, str):
        raise LineRejected("invalid: headline and text must be strings")
    if not headline.strip() and not text.strip():
        raise LineRejected("no_text: headline and text are empty")
    version = ids.derive("trial", line.get("id"), headline, text)
    return Story(version, headline, text, _plain(line.get("date")), _plain(line.get("language")))


def _plain(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _shown(tagged: Tagged, options: Options) -> Line:
    made = [json.loads(assertion.model_dump_json()) for assertion in tagged.assertions]
    if options.explain:
        for assertion, why in zip(made, tagged.why, strict=True):
            assertion["why"] = [reason.model_dump() for reason in why]
    shown: Line = {
        "entities": [json.loads(entity.model_dump_json()) for entity in tagged.entities],
        "alert": dict(tagged.alert),
        "assertions": made,
    }
    if options.explain:
        shown["gate"] = dict(tagged.gate)
    if options.gated:
        shown["entities_sought"] = tagged.entities_sought
    return shown
