"""A message in the hands of the batch shell: when it is tried again, and when its attempts are spent."""

import time

from runtime.item import Item
from schemas.outcomes import Outcome
from tests.unit.runtime.test_dead_letters import MESSAGE

LONG_AGO = time.monotonic() - 1000


def test_waiting_for_the_pool_spends_no_attempts() -> None:
    item = Item(record=None, message=MESSAGE, since=LONG_AGO)
    assert item.postponed("the world is away", bound=30) is None
    assert item.again_at is not None
    assert item.again_at > LONG_AGO + 1000


def test_attempts_are_spent_when_the_bound_has_passed_since_the_first_was_asked_for() -> None:
    item = Item(record=None, message=MESSAGE, since=LONG_AGO)
    assert item.postponed("the world is away", bound=0) is not None
    item = Item(record=None, message=MESSAGE, since=LONG_AGO)
    item.postponed("the world is away", bound=30)
    ended = item.postponed("the world is still away", bound=0)
    assert ended is not None
    assert (ended.outcome, ended.sentence) == (Outcome.retries_spent, "the world is still away")
