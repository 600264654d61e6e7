"""What a deciding service must answer, and what the shell says when it does not."""

from __future__ import annotations

import pytest

from runtime.guarded import Broken
from runtime.handling import Answer, Output
from runtime.stream import keep_promise
from schemas.facts import MinutePassed
from schemas.outcomes import Outcome
from tests.unit.runtime.test_guarded import MINUTE
from tests.unit.runtime.test_memory import Reasons, steps

MEMORY = Output("alerting-inbox", "k", steps(1))
OTHER = Output("alerting-inbox", "k", MINUTE)


def test_one_memory_fact_last_keeps_the_promise() -> None:
    keep_promise(Reasons(), Answer(Outcome.published, (OTHER, MEMORY)))
    keep_promise(Reasons(), Answer(Outcome.noted, (MEMORY,)))


def test_what_is_suppressed_may_leave_none() -> None:
    keep_promise(Reasons(), Answer(Outcome.repeat))


@pytest.mark.parametrize("outputs", [(), (OTHER,), (MEMORY, OTHER), (MEMORY, MEMORY)])
def test_none_or_two_or_not_last_breaks_it(outputs: tuple[Output, ...]) -> None:
    with pytest.raises(Broken, match="exactly one"):
        keep_promise(Reasons(), Answer(Outcome.published, outputs))


def test_suppressed_with_outputs_but_no_memory_breaks_it() -> None:
    assert isinstance(MINUTE, MinutePassed)
    with pytest.raises(Broken):
        keep_promise(Reasons(), Answer(Outcome.repeat, (OTHER,)))
