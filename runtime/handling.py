"""What a service promises its shell: an answer, or one of three kinds of trouble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from schemas.base import Fact, Position
from schemas.outcomes import Outcome


@dataclass(frozen=True)
class Output:
    """One fact on its way to one topic (name as in `schemas.topics`, without namespace)."""

    topic: str
    key: str
    fact: Fact


@dataclass(frozen=True)
class Answer:
    """How a message ended, what goes out for it (in this order), and a detail for logs and "why not?" (no article text)."""

    outcome: Outcome
    outputs: tuple[Output, ...] = ()
    detail: str = ""


class Reject(Exception):  # noqa: N818 - one of three kinds of trouble, named for what is done
    """Never to be tried again: the message goes to the dead letters. The text names the value, the rule and the cure."""

    def __init__(self, message: str, outcome: Outcome = Outcome.rejected) -> None:
        super().__init__(message)
        self.outcome = outcome


class Retry(Exception):  # noqa: N818
    """The world outside is slow: the shell tries again, with back-off, for at most 30 s a message."""


Handler = Callable[[Fact, Position], Answer]
"""A service without memory: one message in, one answer out. Pure; must be picklable by name (it runs in a pool of processes)."""

S = TypeVar("S")


class Decider(Protocol[S]):
    """A service with memory: one inbox topic, one memory topic of its own outputs, both of one partition.

    `decide` is pure. Its answer's outputs hold exactly one fact for `memory`, last, whose meta carries the cause and the source
    (`answering(fact, position)`); it may leave `outcome` at noted when there was nothing to tell. `evolve` folds that very fact and
    may change the state in place. `remembers` picks the memory facts of this service where the topic carries others too.
    """

    name: str
    inbox: str
    memory: str

    def initial(self) -> S:
        """The state before the first message."""
        ...

    def decide(self, state: S, fact: Fact, position: Position) -> Answer:
        """What this message means to this state. Raises `Reject`."""
        ...

    def evolve(self, state: S, fact: Fact) -> S:
        """The state after this memory fact."""
        ...

    def remembers(self, fact: Fact) -> bool:
        """Whether this fact of the memory topic is a memory of this service."""
        ...
