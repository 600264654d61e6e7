"""Reading the roots that the log keeps, and writing what follows from them: to a file, or under another namespace."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from console.again.course import ROOTS, root_topics, time_of
from runtime.handling import Output
from runtime.memory import read_to_end
from runtime.settings import ServiceSettings
from schemas.base import Fact, Position
from schemas.codec import decode, encode


class SameNamespace(ValueError):  # noqa: N818 - says what is refused
    """What is decided again would be written where the live services write."""


def kept_roots(settings: ServiceSettings, since: datetime | None = None) -> list[tuple[str, Fact]]:
    """Pages, minutes, rules and acts of the log, with the topic of each; of pages and minutes only those from `since` on.

    Rules and acts are taken whole: a rule that was saved before is still in force. Raises KafkaError without a broker.
    """
    found: list[tuple[str, Fact]] = []

    def keep(fact: Fact, position: Position) -> None:
        if isinstance(fact, ROOTS) and (since is None or standing(fact) or time_of(fact) >= since):
            found.append((position.topic, fact))

    for topic in root_topics():
        read_to_end(settings, topic, keep)
    return found


def standing(root: Fact) -> bool:
    """Whether a root goes on counting after its time: a rule or an act."""
    return root.name() in ("RuleSaved", "ActTaken")


def line_of(output: Output) -> bytes:
    """One output as one line: its topic, a tab, and the message as it stands in the log."""
    return output.topic.encode() + b"\t" + encode(output.fact) + b"\n"


def read_lines(path: Path) -> Iterator[tuple[str, Fact]]:
    """The facts of a file that `write_file` has written."""
    with path.open("rb") as handle:
        for line in handle:
            topic, _, raw = line.rstrip(b"\n").partition(b"\t")
            yield topic.decode(), decode(raw)


def write_file(path: Path, outputs: Iterable[Output]) -> tuple[int, str]:
    """How many outputs were written, and the SHA-256 of the file: equal for equal decisions."""
    number, digest = 0, hashlib.sha256()
    with path.open("wb") as handle:
        for output in outputs:
            line = line_of(output)
            handle.write(line)
            digest.update(line)
            number += 1
    return number, digest.hexdigest()


def shadow(settings: ServiceSettings, namespace: str) -> ServiceSettings:
    """The settings of another namespace. Raises `SameNamespace` for the one that the services live in."""
    if not namespace or namespace == settings.broker.namespace:
        raise SameNamespace(f"namespace {namespace!r} is that of the live services; name another, for instance shadow.")
    broker = settings.broker.model_copy(update={"namespace": namespace})
    return settings.model_copy(update={"broker": broker})
