"""Guarded handling: whatever a message does to its handler, it ends in one named outcome.

Three kinds of trouble: `Reject` and unreadable bytes end in the dead letters, `Retry` and `NewerVersion` are left to the
shell, anything else is a bug and ends in the dead letters too.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from runtime.handling import Answer, Output, Reject, Retry
from runtime.messages import Done, Message, Record
from runtime.settings import LARGEST_OUTPUT
from runtime.suppressions import suppression
from schemas.base import Fact, Position
from schemas.codec import NewerVersion, Unreadable, decode, encode
from schemas.outcomes import Outcome

Handle = Callable[[Fact, Position], Answer]


class TookTooLong(BaseException):
    """The decision took longer than its deadline. No `Exception`, so that no handler can swallow it."""


class Broken(Exception):  # noqa: N818 - says what the answer did to its contract
    """The answer of a service breaks what `runtime.handling` promises."""


def handled(service: str, handle: Handle, message: Message) -> Done:
    """How this message ends. Raises `Retry` and `NewerVersion` only."""
    fact: Fact | None = None
    try:
        fact = decode(message.value)
        answer = handle(fact, message.position)
        done = Done(answer.outcome, _records(service, answer, fact, message), detail=answer.detail)
    except (Retry, NewerVersion):
        raise
    except (Unreadable, Reject) as error:
        done = Done(error.outcome, sentence=str(error), place=type(error).__name__)
    except TookTooLong as error:
        done = Done(Outcome.took_too_long, sentence=str(error), place=where(error))
    except Exception as error:  # noqa: BLE001 - a bug of any kind ends in the dead letters, counted
        done = Done(Outcome.bug, sentence=f"{type(error).__name__}: {error}", place=where(error))
    return about(done, fact)


def about(done: Done, fact: Fact | None) -> Done:
    """The same ending with the fact's name, id, trace and root time."""
    if fact is None:
        return done
    root = fact.meta.root_at.timestamp()
    return replace(done, fact=fact.name(), id=str(fact.id), trace=fact.meta.trace, root_at=root)


def _records(service: str, answer: Answer, fact: Fact, message: Message) -> tuple[Record, ...]:
    noted = suppression(service, answer, fact, message)
    outputs = (noted, *answer.outputs) if noted else answer.outputs
    return tuple(record_of(output) for output in outputs)


def record_of(output: Output) -> Record:
    """The bytes of an output. Raises `Reject` (output_too_large) for what the broker would not take."""
    value = encode(output.fact)
    if len(value) > LARGEST_OUTPUT:
        raise too_large(output.topic, len(value))
    return Record(output.topic, output.key.encode(), value)


def too_large(topic: str, size: int) -> Reject:
    """The rejection of an answer that the broker does not take."""
    rule = f"an output for {topic} has {size} bytes and at most {LARGEST_OUTPUT} are taken"
    return Reject(f"{rule}: let the service say less, or split it", Outcome.output_too_large)


def where(error: BaseException) -> str:
    """An exception's type and the line that raised it: fit for a log, because it quotes nothing."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}" if last else type(error).__name__
