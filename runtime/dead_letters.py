"""Dead letters: the original key, value and headers, and who gave the message up, where, when and why.

Everything of ours stands in headers under `dead-letter-`, so that the bytes stay as they were. Two dead letters with one
`id` are the same one: a process may die between writing it and committing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from runtime.messages import Done, Headers, Message, Record
from schemas.base import Position
from schemas.ids import derive
from schemas.topics import DEAD_LETTERS

PREFIX = "dead-letter-"
_LONGEST_SENTENCE = 1000


@dataclass(frozen=True)
class DeadLetter:
    """One dead letter, read back. `source` is without namespace; `attempt` counts from 1; `whole` is False if only the head was kept."""

    id: str
    service: str
    source: Position
    outcome: str
    sentence: str
    attempt: int
    at: datetime
    key: bytes | None
    value: bytes | None
    headers: Headers
    whole: bool = True
    trace: str = ""


class NotADeadLetter(ValueError):  # noqa: N818 - says what the record is
    """A record of a dead letter topic that no shell wrote."""


class CannotReplay(ValueError):  # noqa: N818 - says what is refused
    """A dead letter that cannot be marked as late, so it is not replayed."""


def dead_letter(service: str, message: Message, done: Done, at: datetime) -> Record:
    """The record for the dead letter topic of the message's topic; `at` is the wall clock, aware."""
    said = {
        "id": str(derive("dead-letter", service, *message.position.model_dump().values())),
        "service": service,
        "topic": message.position.topic,
        "partition": str(message.position.partition),
        "offset": str(message.position.offset),
        "reason": done.outcome.value,
        "sentence": (done.sentence or done.outcome.sentence)[:_LONGEST_SENTENCE],
        "place": done.place,
        "attempt": str(attempt_of(message.headers)),
        "at": at.astimezone(UTC).isoformat(),
        "trace": done.trace,
        "whole": "true",
    }
    ours = tuple((PREFIX + name, text.encode()) for name, text in said.items())
    return Record(message.position.topic + DEAD_LETTERS, message.key, message.value, _theirs(message.headers) + ours)


def without_value(record: Record) -> Record:
    """The same dead letter without its value, for when the broker does not take it whole: the original stays at its source."""
    headers = tuple((name, b"false" if name == PREFIX + "whole" else value) for name, value in record.headers)
    return replace(
        record, key=record.key if record.key and len(record.key) < 10_000 else b"", value=b"", headers=headers
    )


def attempt_of(headers: Headers) -> int:
    """Which attempt this is: 1, or one more than what a replayed dead letter says."""
    before = dict(headers).get(PREFIX + "attempt")
    return int(before) + 1 if before and before.isdigit() else 1


def read(record: Record) -> DeadLetter:
    """The dead letter in a record of a dead letter topic. Raises `NotADeadLetter`."""
    said = {
        name.removeprefix(PREFIX): value.decode("utf-8", "replace")
        for name, value in record.headers
        if name.startswith(PREFIX)
    }
    try:
        return DeadLetter(
            id=said["id"],
            service=said["service"],
            source=Position(topic=said["topic"], partition=int(said["partition"]), offset=int(said["offset"])),
            outcome=said["reason"],
            sentence=said["sentence"],
            attempt=int(said["attempt"]),
            at=datetime.fromisoformat(said["at"]),
            key=record.key,
            value=record.value,
            headers=_theirs(record.headers),
            whole=said.get("whole") != "false",
            trace=said.get("trace", ""),
        )
    except (KeyError, ValueError) as error:
        raise NotADeadLetter(f"a record of {record.topic} lacks the headers of a dead letter: {error!r}") from error


def folded(letters: Iterable[DeadLetter]) -> list[DeadLetter]:
    """One dead letter an id, the first of each."""
    first: dict[str, DeadLetter] = {}
    for letter in letters:
        first.setdefault(letter.id, letter)
    return list(first.values())


def replayed(letter: DeadLetter) -> Record:
    """The message for another attempt, marked as late, for its source topic. Raises `CannotReplay`."""
    if not letter.whole:
        raise CannotReplay(f"{letter.id} was too large to be kept whole; its bytes are at {letter.source}, if anywhere")
    body = _marked_late(letter)
    attempt = ((PREFIX + "attempt", str(letter.attempt).encode()), (PREFIX + "replay-of", letter.id.encode()))
    return Record(letter.source.topic, letter.key, body, letter.headers + attempt)


def _marked_late(letter: DeadLetter) -> bytes:
    try:
        body = json.loads(letter.value or b"")
        body["meta"]["late"] = True
    except (ValueError, TypeError, KeyError) as error:
        raise CannotReplay(
            f"{letter.id} ({letter.outcome}) is no fact with meta, so it cannot be marked as late, and what is not marked could alert "
            "as new; let its writer say it again"
        ) from error
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _theirs(headers: Headers) -> Headers:
    return tuple((name, value) for name, value in headers if not name.startswith(PREFIX))
