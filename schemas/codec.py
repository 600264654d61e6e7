"""Facts to bytes and back. A fact names itself and its version, so that the log can be read for ever."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from schemas.base import FACT_FIELD, VERSION_FIELD, Fact
from schemas.facts import FACTS
from schemas.outcomes import Outcome
from schemas.upcasts import UPCASTS


class Unreadable(ValueError):  # noqa: N818 - says what the bytes are
    """Bytes that are no fact; `outcome` names the reason, the message the value, the rule and the cure."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome


class NewerVersion(Exception):  # noqa: N818 - says what the bytes are
    """A fact of a newer version than this reader knows: wait for the reader's upgrade, do not give the message up."""


def encode(fact: Fact) -> bytes:
    """The bytes of a fact: JSON in UTF-8, the same for the same fact."""
    body = fact.model_dump_json()
    return f'{{"{FACT_FIELD}":"{fact.name()}","{VERSION_FIELD}":{fact.VERSION},{body[1:]}'.encode()


def decode(raw: bytes | None) -> Fact:
    """The fact in these bytes, brought up to the version that this reader knows.

    Raises `Unreadable` (malformed, unknown fact or invalid) and `NewerVersion`.
    """
    body = _object(raw)
    kind = _kind(body)
    version = _version(body, kind)
    for step in range(version, kind.VERSION):
        body = UPCASTS[kind.name(), step](body)
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise Unreadable(Outcome.invalid, f"{kind.name()} breaks its schema: {_first(error)}") from error


def _object(raw: bytes | None) -> dict[str, Any]:
    try:
        body = json.loads(raw or b"")
    except ValueError as error:
        raise Unreadable(
            Outcome.malformed, f"not JSON in UTF-8: {error}; messages are written with schemas.codec"
        ) from error
    if not isinstance(body, dict):
        raise Unreadable(Outcome.malformed, f"a {type(body).__name__} where an object with `fact` and `v` is wanted")
    return body


def _kind(body: dict[str, Any]) -> type[Fact]:
    name = body.pop(FACT_FIELD, None)
    kind = FACTS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Unreadable(Outcome.unknown_fact, f"fact {str(name)[:80]!r} is none of {', '.join(sorted(FACTS))}")
    return kind


def _version(body: dict[str, Any], kind: type[Fact]) -> int:
    version = body.pop(VERSION_FIELD, None)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Unreadable(Outcome.malformed, f"version {version!r} of {kind.name()} is no number from 1")
    if version > kind.VERSION:
        raise NewerVersion(f"{kind.name()} version {version} is newer than {kind.VERSION}: upgrade this reader")
    return version


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place or 'the whole'}: {first['msg']} (got {str(first['input'])[:80]!r})"
