"""Whatever happens to a process or its broker, no message is lost, and a repeat carries the same ids.

One class for every shell: Faust with a memory, kafka-python with a pool, kafka-python plain.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.devbroker import Broker
from schemas.codec import encode
from schemas.facts import MessageSuppressed
from tests.integration.shells.harness import Log, Worker, eventually, order
from tests.integration.shells.worker import FIRST, MEMORY, chained

pytestmark = [pytest.mark.broker, pytest.mark.slow]
Start = Callable[..., Worker]
SESSION = "8"
NUMBERS = [str(number) for number in range(6)]


@pytest.fixture(params=["stream", "batch", "plain"])
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def chain(numbers: list[str]) -> list[tuple[str, str]]:
    """The memory that these messages leave when each is decided once, in this order."""
    state, found = "", []
    for number in numbers:
        state = chained(state, number)
        found.append((number, state))
    return found


def firsts(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of two facts about one message the first counts."""
    return list(dict(reversed(pairs)).items())[::-1]


def assert_nothing_lost(log: Log, shell: str, numbers: list[str]) -> None:
    """Each message has both outputs, in order, and of a repeat every byte is the same."""
    for topic in (FIRST, MEMORY):
        facts = log.facts(topic)
        by_id = {fact.id: fact for fact in facts}
        assert len(by_id) == len(numbers), f"{topic}: {len(by_id)} facts for {len(numbers)} messages"
        assert all(fact == by_id[fact.id] for fact in facts), f"{topic}: a repeat differs"
    assert sorted(set(log.first()), key=int) == numbers
    if shell == "stream":
        assert firsts(log.memory()) == chain(numbers)


class TestEveryShell:
    def test_a_handler_that_raises_loses_nothing_and_the_next_message_goes_through(
        self, shell: str, log: Log, start: Start
    ) -> None:
        log.write([order(0), order(1, "bug"), order(2)])
        start(shell)
        eventually(lambda: len(log.memory()) == 2)
        (letter,) = log.dead_letters()
        assert (letter.outcome, letter.source.offset, letter.value) == ("bug", 1, encode(order(1, "bug")))
        assert set(log.first()) == {"0", "2"}

    def test_a_process_killed_before_between_and_after_its_outputs_loses_nothing(
        self, shell: str, log: Log, start: Start
    ) -> None:
        log.write([order(int(number)) for number in NUMBERS])
        for kill in ("before:1", "between:3", "after:4"):
            assert start(shell, COPYTASTER_TEST_KILL=kill).ended() == -9, f"it was not killed {kill}"
        start(shell)
        eventually(lambda: len({number for number, _ in log.memory()}) == len(NUMBERS))
        assert_nothing_lost(log, shell, NUMBERS)

    def test_each_kind_of_poison_ends_in_the_dead_letters_and_is_counted_once(
        self, shell: str, log: Log, start: Start
    ) -> None:
        mischief = ["reject", "bug", "too large", "too large for the topic", "retry"]
        log.set_largest(FIRST, 200_000)
        mischief += {"stream": ["too long"], "batch": ["too long", "dies"], "plain": []}[shell]
        invalid = encode(order(0)).replace(b'"at":', b'"when":')
        raw = [b"not json", b'{"fact":"Nonsense","v":1}', invalid, None]
        poisons: list[MessageSuppressed | bytes | None] = [
            *raw,
            *(order(10 + i, what) for i, what in enumerate(mischief)),
        ]
        messages = [one for i, poison in enumerate(poisons) for one in (poison, order(100 + i))]
        log.write(messages, headers=[("their", b"own")])
        worker = start(shell)
        good = {str(100 + i) for i in range(len(poisons))}
        eventually(lambda: good <= {number for number, _ in log.memory()}, within=90)
        # what the broker alone finds too large is known late: letters of messages behind it may stand before its own
        letters = sorted(log.dead_letters(), key=lambda letter: letter.source.offset)
        reasons = [
            "malformed",
            "unknown_fact",
            "invalid",
            "malformed",
            "rejected",
            "bug",
            "output_too_large",
            "output_too_large",
            "retries_spent",
        ]
        reasons += ["took_too_long", "worker_died"][: len(mischief) - 5]
        assert [letter.outcome for letter in letters] == reasons
        assert [letter.source.offset for letter in letters] == [2 * i for i in range(len(poisons))]
        assert [letter.value for letter in letters] == [
            one if one is None or isinstance(one, bytes) else encode(one) for one in poisons
        ]
        assert all(letter.headers == (("their", b"own"),) and letter.attempt == 1 for letter in letters)
        ended = eventually(lambda: balanced(worker))
        assert sum(ended.values()) == len(messages)
        assert not [line for line in worker.lines() if "the test has a bug" in str(line)], (
            "the text of an error stands in the log"
        )

    def test_what_is_suppressed_leaves_a_fact_that_says_why(self, shell: str, log: Log, start: Start) -> None:
        log.write([order(0, "suppress")])
        start(shell)
        (said,) = eventually(lambda: log.facts("messages-suppressed"))
        assert (said.outcome, said.service, said.meta.trace) == ("not_an_article", "tracking", "trace-0")

    def test_a_newer_version_is_waited_for_and_the_process_says_so(self, shell: str, log: Log, start: Start) -> None:
        newer = encode(order(1)).replace(b'"v":1', b'"v":99')
        log.write([order(0), newer, order(2)])
        worker = start(shell)
        eventually(lambda: "version 99" in worker.get("/readyz")[1])
        assert worker.get("/livez")[0] == 200
        assert log.first() == ["0"]
        assert log.dead_letters() == []
        assert worker.stop() == 0

    def test_too_many_dead_letters_in_a_row_stop_the_process(self, shell: str, log: Log, start: Start) -> None:
        log.write([order(number, "bug") for number in range(5)] + [order(5)])
        assert start(shell).ended() == 70
        assert len({letter.id for letter in log.dead_letters()}) == 5
        start(shell)
        eventually(lambda: log.first() == ["5"])
        assert len({letter.id for letter in log.dead_letters()}) == 5

    def test_told_to_stop_it_finishes_and_what_comes_later_is_not_lost(
        self, shell: str, log: Log, start: Start
    ) -> None:
        log.write([order(number) for number in range(3)])
        worker = start(shell)
        eventually(log.first)
        assert worker.stop() == 0
        log.write([order(number) for number in range(3, 6)])
        start(shell)
        eventually(lambda: len({number for number, _ in log.memory()}) == len(NUMBERS))
        assert_nothing_lost(log, shell, NUMBERS)

    def test_a_broker_stopped_and_started_is_found_again(
        self, shell: str, log: Log, start: Start, broker: Broker
    ) -> None:
        worker = start(shell)
        log.write([order(number) for number in range(3)])
        eventually(lambda: len(log.memory()) == 3)
        broker.stop()
        eventually(lambda: worker.get("/readyz")[0] == 503)
        assert worker.get("/livez")[0] == 200
        broker.start()
        log.write([order(number) for number in range(3, 6)])
        eventually(lambda: len({number for number, _ in log.memory()}) == len(NUMBERS))
        eventually(worker.ready)
        assert worker.process.poll() is None
        assert_nothing_lost(log, shell, NUMBERS)

    def test_a_standby_takes_over_from_a_killed_process(self, shell: str, log: Log, start: Start) -> None:
        first = start(shell, "a", COPYTASTER_SESSION=SESSION)
        eventually(first.ready)
        log.write([order(0)])
        eventually(log.first)
        standby = start(shell, "b", COPYTASTER_SESSION=SESSION)
        eventually(standby.ready)
        log.write([order(number) for number in range(1, 3)])
        eventually(lambda: len({number for number, _ in log.memory()}) == 3)
        owner, other = (first, standby) if busy(first) else (standby, first)
        owner.kill()
        since = time.monotonic()
        log.write([order(number) for number in range(3, 6)])
        eventually(lambda: len({number for number, _ in log.memory()}) == len(NUMBERS))
        print(
            f"\n{shell}: a standby had answered {time.monotonic() - since:.1f} s after the kill (session {SESSION} s)"
        )
        assert other.process.poll() is None
        assert_nothing_lost(log, shell, NUMBERS)


def busy(worker: Worker) -> bool:
    """Whether this is the one that answered last."""
    return worker.metric("copytaster_messages_consumed_total").get("tracking tracking-inbox", 0) > 0


def balanced(worker: Worker) -> dict[str, float] | None:
    """The outcomes by name, once each message that was read has one."""
    consumed = worker.metric("copytaster_messages_consumed_total")
    ended = worker.metric("copytaster_messages_ended_total")
    return ended if sum(consumed.values()) == sum(ended.values()) > 0 else None


@pytest.mark.parametrize("shell", ["batch", "plain"])
def test_a_worker_that_lost_its_membership_reads_nothing_twice(
    shell: str, log: Log, start: Start, tmp_path: Path
) -> None:
    log.write([order(0, "wait"), *(order(number) for number in range(1, 6))])
    worker = start(shell, COPYTASTER_SESSION="6", COPYTASTER_RETRY_BOUND="600")
    eventually(lambda: worker.metric("copytaster_retries_total").get("tracking", 0) > 0)
    before = log.members()
    log.remove_member()
    eventually(lambda: log.members() not in ([], before))
    (tmp_path / "go on").touch()
    eventually(lambda: len(log.memory()) >= len(NUMBERS))
    log.write([order(6)])
    eventually(lambda: log.memory()[-1][0] == "6")
    ended = eventually(lambda: balanced(worker))
    assert (log.first(), sum(ended.values())) == ([*NUMBERS, "6"], len(NUMBERS) + 1)


def test_state_folded_anew_equals_the_state_before_the_kill(log: Log, start: Start) -> None:
    numbers = [str(number) for number in range(60)]
    log.write([order(number) for number in range(40)])
    worker = start("stream")
    eventually(lambda: len(log.memory()) > 10)
    worker.kill()
    log.write([order(number) for number in range(40, 60)])
    start("stream")
    eventually(lambda: len({number for number, _ in log.memory()}) == len(numbers))
    assert_nothing_lost(log, "stream", numbers)


def test_a_process_that_was_held_up_ends_itself_and_has_changed_nothing(log: Log, start: Start) -> None:
    owner = start("stream", "a", COPYTASTER_SESSION=SESSION)
    log.write([order(0)])
    eventually(log.memory)
    standby = start("stream", "b", COPYTASTER_SESSION=SESSION)
    eventually(standby.ready)
    owner.process.send_signal(signal.SIGSTOP)
    log.write([order(number) for number in range(1, 6)])
    eventually(lambda: len({number for number, _ in log.memory()}) == len(NUMBERS))
    owner.process.send_signal(signal.SIGCONT)
    assert owner.ended() == 70
    assert_nothing_lost(log, "stream", NUMBERS)


def test_a_message_that_comes_again_is_known_by_its_id(log: Log, start: Start) -> None:
    log.write([order(0), order(1), order(0), order(2)])
    worker = start("stream")
    eventually(lambda: len(log.memory()) == 3)
    assert log.memory() == chain(["0", "1", "2"])
    ended = eventually(lambda: balanced(worker))
    assert ended["repeat tracking tracking-inbox"] == 1


def test_control_a_bare_faust_agent_loses_the_message_that_it_raises_on(log: Log, start: Start) -> None:
    """The same harness sees a loss where there is one."""
    log.write([order(0), order(1, "bug"), order(2)])
    worker = start("bare")
    eventually(lambda: "2" in log.first())
    worker.stop()
    start("bare")
    log.write([order(3)])
    eventually(lambda: "3" in log.first())
    assert "1" not in log.first()
    assert log.dead_letters() == []
