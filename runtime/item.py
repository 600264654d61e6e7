"""One message in the hands of the batch shell, from the pool to the broker's acknowledgement."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

from runtime.handling import Reject
from runtime.messages import Done, Message, Record
from runtime.pool import Result
from schemas.outcomes import Outcome

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


@dataclass
class Item:
    """`future` is the pool's, `sends` are the producer's; `again_at` is monotonic; `waits` for an upgrade."""

    record: Any
    message: Message
    since: float
    future: Any = None
    done: Done | None = None
    sends: list[Any] | None = None
    records: list[Record] = field(default_factory=list)
    again_at: float | None = None
    waits: bool = False
    whole: bool = True
    _pause: float = _FIRST_PAUSE
    _asked_at: float | None = None  # when another attempt was asked for first: waiting for the pool spends no attempts

    @property
    def part(self) -> Any:
        """The partition, as kafka-python names it."""
        from kafka import TopicPartition

        return TopicPartition(self.record.topic, self.record.partition)

    def result(self) -> Result | None:
        """What the pool says of it, None while it is at work."""
        from pebble import ProcessExpired

        if not self.future.done():
            return None
        try:
            found: Result = self.future.result()
        except TimeoutError as error:
            return Done(
                Outcome.took_too_long, sentence=f"the item held its process beyond the deadline: {error}", place="pool"
            )
        except ProcessExpired as error:
            return Done(
                Outcome.worker_died, sentence=f"the process ended with exit code {error.exitcode}", place="pool"
            )
        return found

    def postponed(self, why: str, bound: float) -> Done | None:
        """Plan another attempt, or end it when `bound` seconds have passed since the first was asked for."""
        now = time.monotonic()
        self._asked_at = now if self._asked_at is None else self._asked_at
        if now - self._asked_at >= bound:
            return Done(Outcome.retries_spent, sentence=why)
        self.again_at = now + self._pause
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        return None

    def acknowledged(self) -> bool:
        """Whether the producer has said yes or no to all of its records."""
        return self.sends is not None and all(future.is_done for future in self.sends)

    def sent(self) -> list[tuple[Record, Any]]:
        """Its records, each with the producer's future."""
        return list(zip(self.records, self.sends or (), strict=True))

    def refused(self) -> list[tuple[Record, BaseException]]:
        """The records to which the producer said No, with its reasons."""
        return [(record, future.exception) for record, future in self.sent() if future.failed()]

    def is_written(self, record: Record) -> None:
        """Note that a record to which the producer said No is in the log after all."""
        from kafka.future import Future

        self.sends = [Future().success(None) if one is record else future for one, future in self.sent()]

    def too_large(self, rejection: Reject) -> None:
        """Dead-letter it because the broker does not take its output, or keep only the head of the dead letter."""
        assert self.done is not None  # noqa: S101 - it has been sent
        if self.done.outcome is rejection.outcome:
            self.whole = False
        self.sends = None
        self.done = replace(self.done, outcome=rejection.outcome, records=(), sentence=str(rejection), place="broker")
