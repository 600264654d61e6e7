"""A service process for the tests of the shells: what it does with a message stands in the message.

    python -m tests.integration.shells.worker stream|batch|plain|bare

COPYTASTER_TEST_KILL names where the process kills itself as `POINT:NUMBER`, the number being that of a message.
"""

from __future__ import annotations

import asyncio
import faulthandler
import hashlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from runtime import batch, plain, stream
from runtime.consumer import Group
from runtime.handling import Answer, Output, Reject, Retry
from runtime.messages import Record
from runtime.publish import Publisher
from runtime.settings import ServiceSettings
from schemas.base import Fact, Position, answering
from schemas.codec import decode
from schemas.facts import MessageSuppressed, StepsTaken
from schemas.ids import fact_id
from schemas.outcomes import Outcome

INBOX, FIRST, MEMORY = "tracking-inbox", "feedback-given", "alerting-inbox"
SERVICE = "tracking"


def misbehave(order: MessageSuppressed) -> None:
    """Do what the message asks for, if it is mischief."""
    match order.detail:
        case "reject":
            raise Reject("the test refuses this message")
        case "bug":
            raise ZeroDivisionError("the test has a bug")
        case "too long":
            while True:
                time.perf_counter()
        case "dies":
            os._exit(9)
        case "retry":
            raise Retry("the world is away")
        case "wait" if not (Path(os.environ["COPYTASTER_TEST_FOLDER"]) / "go on").exists():
            raise Retry("the test has not said go on")


def outputs(order: MessageSuppressed, position: Position, said: str) -> tuple[Output, ...]:
    """Two outputs; the second is the memory."""
    meta = answering(order, position)
    size = {"too large": 8_100_000, "too large for the topic": 300_000}.get(order.detail, 0)
    first = order.model_copy(update={"id": fact_id("first", order.id), "meta": meta, "url": "x" * size})
    last = StepsTaken(id=fact_id("last", order.id), meta=meta, at=order.at, reason=said)
    return Output(FIRST, order.about, first), Output(MEMORY, order.about, last)


def handle(fact: Fact, position: Position) -> Answer:
    """The handler of the shells without memory."""
    assert isinstance(fact, MessageSuppressed)
    kill("before", fact.about)
    misbehave(fact)
    if fact.detail == "suppress":
        return Answer(Outcome.not_an_article)
    return Answer(Outcome.published, outputs(fact, position, fact.about))


def chained(before: str, about: str) -> str:
    """A state that shows which messages were decided, in which order."""
    return hashlib.sha256(f"{before} {about}".encode()).hexdigest()[:16]


class Chain:
    """A decider whose state is a chain of digests: it is right only if every message counted once, in order."""

    name, inbox, memory = SERVICE, INBOX, MEMORY

    def initial(self) -> str:
        return ""

    def decide(self, state: str, fact: Fact, position: Position) -> Answer:
        assert isinstance(fact, MessageSuppressed)
        kill("before", fact.about)
        misbehave(fact)
        found = outputs(fact, position, chained(state, fact.about))
        if fact.detail == "suppress":
            return Answer(Outcome.not_an_article, found[1:])
        return Answer(Outcome.published, found)

    def evolve(self, state: str, fact: Fact) -> str:
        assert isinstance(fact, StepsTaken)
        return fact.reason

    def remembers(self, fact: Fact) -> bool:
        return isinstance(fact, StepsTaken)


def kill(point: str, about: str) -> None:
    """Kill this process, as a power cut would, if this is the point that the test has chosen."""
    if os.environ.get("COPYTASTER_TEST_KILL") == f"{point}:{about}":
        os.kill(int(os.environ["COPYTASTER_TEST_PID"]), signal.SIGKILL)
        signal.pause()  # a process of the pool goes no further than its parent


def about_of(record: Record) -> str:
    return (record.key or b"").decode()


def with_kills_in_stream() -> None:
    """Put the kill points around the shell's way of writing."""
    made = stream.application

    def application(*arguments: Any) -> tuple[Any, Any]:
        app, put = made(*arguments)

        async def killing(record: Record) -> None:
            await put(record)
            kill("between" if record.topic == FIRST else "after", about_of(record))

        return app, killing

    stream.application = application


def with_kills_in_kafka_python() -> None:
    """Put the kill points behind the acknowledgement of each output, and before each commit."""
    begin, commit = Publisher.begin, Group.commit
    sent: list[str] = []

    def begun(self: Publisher, record: Record) -> Any:
        future = begin(self, record)
        if record.topic == FIRST and wanted("between", record):
            future.get(timeout=30)
            kill("between", about_of(record))
        if record.topic == MEMORY:
            sent.append(about_of(record))
        return future

    def committed(self: Group) -> None:
        for about in sent:
            kill("after", about)
        commit(self)

    Publisher.begin, Group.commit = begun, committed  # type: ignore[method-assign]


def wanted(point: str, record: Record) -> bool:
    return os.environ.get("COPYTASTER_TEST_KILL") == f"{point}:{about_of(record)}"


def bare(settings: ServiceSettings) -> None:
    """The control: an ordinary Faust agent without any guard."""
    import faust

    from runtime.brokers import for_faust

    app = faust.App(
        settings.broker.named(SERVICE),
        **for_faust(settings.broker),
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id="bare",
        datadir=Path(os.environ["COPYTASTER_TEST_FOLDER"]),
    )
    raw = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
    inbox, first = (app.topic(settings.topic(name), partitions=1, **raw) for name in (INBOX, FIRST))

    @app.agent(inbox)
    async def answer(messages: Any) -> None:
        async for event in messages.events():
            fact = decode(event.value)
            assert isinstance(fact, MessageSuppressed)
            misbehave(fact)
            await (await first.send(key=event.key, value=event.value))

    async def serve() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await app.start()
        await stop.wait()
        await app.stop()

    asyncio.run(serve())


def main(arguments: Sequence[str]) -> None:
    faulthandler.register(signal.SIGUSR1)  # for whoever looks into a worker that hangs
    os.environ["COPYTASTER_TEST_PID"] = str(os.getpid())
    settings = ServiceSettings()
    shells: dict[str, Callable[[], None]] = {
        "stream": lambda: stream.run(Chain(), settings),
        "batch": lambda: batch.run(SERVICE, INBOX, handle, settings),
        "plain": lambda: plain.consume(SERVICE, [INBOX], handle, settings),
        "bare": lambda: bare(settings),
    }
    with_kills_in_stream()
    with_kills_in_kafka_python()
    shells[arguments[0]]()


if __name__ == "__main__":
    from tests.integration.shells import worker  # the pool finds the handler by this name, not by __main__

    worker.main(sys.argv[1:])
