"""The course of a fact through every deciding service, in one process: pages, minutes, rules and acts in, all that follows out.

The functions are those that the services run; only the order is this module's own: roots go by (time, id), and what follows from one
goes its whole way before the next begins. So two runs over the same roots write the same bytes.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from runtime.handling import Answer, Decider, Output, Reject
from schemas.base import Fact, Position
from schemas.facts import ActTaken, MinutePassed, PageFetched, RuleSaved
from schemas.outcomes import Outcome
from schemas.topics import BY_NAME

Handle = Callable[[Fact, Position], Answer]
ROOTS = (PageFetched, MinutePassed, RuleSaved, ActTaken)
"""What nothing in the log explains: it came from outside."""


def time_of(root: Fact) -> datetime:
    """When a root came in: fetched, passed, saved or done. Raises `TypeError` for what is no root."""
    match root:
        case PageFetched():
            return root.fetched
        case MinutePassed():
            return root.minute
        case RuleSaved():
            return root.at
        case ActTaken():
            return root.act.at
    raise TypeError(f"{root.name()} is no root: only {', '.join(kind.__name__ for kind in ROOTS)} come from outside")


def in_order(roots: Iterable[tuple[str, Fact]]) -> list[tuple[str, Fact]]:
    """Roots with their topics by (time, id, topic); one that stands twice in a topic counts once."""
    once = {(topic, fact.id): (topic, fact) for topic, fact in reversed(list(roots))}
    return sorted(once.values(), key=lambda root: (time_of(root[1]), str(root[1].id), root[0]))


class Course:
    """The services with their state. `stateless` handle a topic alone; `deciders` fold what they write."""

    def __init__(self, stateless: Mapping[str, Handle], deciders: Iterable[Decider[Any]]) -> None:
        self._stateless = stateless
        self._deciders = {decider.inbox: decider for decider in deciders}
        self._states = {inbox: decider.initial() for inbox, decider in self._deciders.items()}
        self._offsets: Counter[str] = Counter()
        self.ended: Counter[tuple[str, str]] = Counter()

    def run(self, roots: Iterable[tuple[str, Fact]]) -> Iterator[Output]:
        """Everything that follows from these roots, each output once, in the order in which it is written; the roots first."""
        for topic, root in in_order(roots):
            yield from self._follow(Output(topic, str(root.id), root))

    def _follow(self, first: Output) -> Iterator[Output]:
        waiting = deque([first])
        while waiting:
            output = waiting.popleft()
            yield output
            waiting.extend(self._answered(output))

    def _answered(self, output: Output) -> tuple[Output, ...]:
        position = Position(topic=output.topic, partition=0, offset=self._offsets[output.topic])
        self._offsets[output.topic] += 1
        answers = self._handled(output, position)
        self.ended[output.topic, answers.outcome.value] += 1
        return answers.outputs

    def _handled(self, output: Output, position: Position) -> Answer:
        try:
            return self._decided(output, position)
        except Reject as error:
            return Answer(error.outcome, detail=str(error))

    def _decided(self, output: Output, position: Position) -> Answer:
        if handle := self._stateless.get(output.topic):
            return handle(output.fact, position)
        decider = self._deciders.get(output.topic)
        if decider is None:
            return Answer(Outcome.noted)
        answer = decider.decide(self._states[output.topic], output.fact, position)
        for out in answer.outputs:
            if out.topic == decider.memory and decider.remembers(out.fact):
                self._states[output.topic] = decider.evolve(self._states[output.topic], out.fact)
        return answer


def root_topics() -> tuple[str, ...]:
    """The topics in which roots stand."""
    kinds = {kind.__name__ for kind in ROOTS}
    return tuple(name for name, topic in BY_NAME.items() if kinds & {fact.__name__ for fact in topic.carries})
