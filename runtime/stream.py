"""The shell of services that decide about sets of messages: Faust without tables, state as the fold of own outputs.

A service is one call (`services/tracking/__main__.py`):

    from runtime import stream
    from services.tracking.shell import TrackingDecider     # name, inbox, memory, initial, decide, evolve, remembers
    from services.tracking.settings import Settings         # class Settings(ServiceSettings)

    if __name__ == "__main__":
        stream.run(TrackingDecider(), Settings())

`decide` gets the state, the fact and its position and returns an `Answer`; its last output is the one memory fact, with
`meta=answering(fact, position)`. It raises `Reject` for what it refuses. The shell skips repeats, writes the outputs in
order, each acknowledged, folds exactly the memory fact it wrote, and only then lets the offset be committed. A second
process with another COPYTASTER_WORKER is a warm standby. What cannot go on ends the process (exit 70), so that the
message is read again.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from functools import partial
from typing import Any, Generic

from runtime.account import Account
from runtime.alarm import deadline
from runtime.clock import now
from runtime.dead_letters import dead_letter, without_value
from runtime.faust_app import Put, application
from runtime.guarded import Broken, handled
from runtime.handling import Answer, Decider, Reject, Retry, S
from runtime.logs import log
from runtime.memory import Memory, Tail
from runtime.messages import Done, Message, Record
from runtime.process import Process, process
from runtime.settings import ServiceSettings
from runtime.watchdog import Fence
from schemas.base import Fact, Position
from schemas.codec import NewerVersion, decode
from schemas.outcomes import Ending, Outcome

_STOP_SECONDS = 15.0
_FIRST_PAUSE = 0.2


def run(decider: Decider[S], settings: ServiceSettings) -> None:
    """Run one deciding service until it is told to stop."""
    with process(decider.name, settings, [decider.inbox]) as here:
        asyncio.run(_Stream(decider, settings, here).main())


class _Stream(Generic[S]):
    def __init__(self, decider: Decider[S], settings: ServiceSettings, here: Process) -> None:
        self._decider, self._settings, self._here = decider, settings, here
        self._memory = Memory(decider, settings.remembered_causes)
        self._tail = Tail(settings, decider.memory, self._memory.fold)
        self._account = Account(decider.name, settings.dead_letters_in_a_row)
        self._stopping = asyncio.Event()
        self._changed = asyncio.Event()
        self._need = True  # to read the own memory to its end, before the next decision
        self._tasks: set[asyncio.Task[None]] = set()
        self._fence: Fence
        self._put: Put
        self._app: Any

    async def main(self) -> None:
        loop = asyncio.get_running_loop()
        self._here.on_stop(partial(_soon, loop, self._told_to_stop))
        if not await self._here.topics_are_there([self._decider.inbox, self._decider.memory]):
            return
        self._app, self._put = application(self._decider, self._settings, self._each, self._rebalanced)
        self._fence = Fence(self._settings.session / 2)  # only now: building the application takes seconds
        self._beside(self._tail.run())
        self._beside(self._keep_watch())
        await self._app.start()
        self._here.working()
        await self._stopping.wait()
        await self._stop()

    async def _stop(self) -> None:
        """Finish what is in hand and commit; what cannot be finished in time is read again."""
        try:
            await asyncio.wait_for(self._app.stop(), _STOP_SECONDS)
        except TimeoutError:
            log.warning("stopped without finishing what was in hand: it is read again")
            os._exit(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside the agent; if it fails the process ends, as a state that is not kept level decides wrongly."""
        task = asyncio.create_task(self._or_end(work))
        self._tasks.add(task)

    async def _or_end(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except NewerVersion as error:
            self._here.waits_for_upgrade(f"the memory holds what this version cannot read: {error}")
        except Exception:  # noqa: BLE001 - whatever it is, it is logged and the process ends
            log.exception("a task beside the agent failed")
            self._here.ended_by("a task beside the agent failed")

    async def _keep_watch(self) -> None:
        while True:
            self._here.beat()
            self._mind_the_gap()
            if self._app.crashed:
                self._here.ended_by(f"Faust crashed: {self._app.crash_reason!r}")
            await asyncio.sleep(0.1)

    def _mind_the_gap(self) -> None:
        gap = self._fence.gap()
        if gap is not None:
            self._here.ended_by(f"held up for {gap:.1f} s: another worker may own the inbox by now")

    def _rebalanced(self) -> None:
        self._need = True
        self._changed.set()

    def _told_to_stop(self) -> None:
        self._stopping.set()
        self._changed.set()

    async def _each(self, events: AsyncIterator[Any]) -> None:
        """One message after the other; nothing may escape, because Faust commits past a message whose agent raised."""
        async for event in events:
            try:
                await self._answer(event)
            except BaseException as error:  # noqa: BLE001 - cancellation too: the message is read again
                log.exception("the message could not be ended")
                self._here.ended_by(f"the message could not be ended: {type(error).__name__}")

    async def _answer(self, event: Any) -> None:
        message = message_of(event, self._settings)
        await self._remember()
        since = self._account.read(message)
        done = await self._done(message)
        done = await self._published(message, done)
        self._account.ended(message, done, since)
        if self._account.too_many:
            event.ack()
            await self._app.consumer.commit()
            self._here.ended_by(
                f"{self._settings.dead_letters_in_a_row} dead letters in a row, the last: {done.outcome} {done.place}"
            )

    async def _remember(self) -> None:
        """Read the own memory to its end if the inbox may have had another owner."""
        while self._need:
            self._need = False
            await self._tail.level()

    async def _done(self, message: Message) -> Done:
        """How the message ends; waits where waiting helps: for at most the bound of the retries, and for the broker."""
        pause, waited = _FIRST_PAUSE, 0.0
        while True:
            try:
                return handled(self._decider.name, self._decide, message)
            except NewerVersion as error:
                await self._wait_for_upgrade(str(error))  # does not come back
            except Retry as error:
                if waited >= self._settings.retry_bound and self._here.connected:
                    return Done(Outcome.retries_spent, sentence=str(error))
            self._account.retried()
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(2 * pause, 5.0)

    async def _wait_for_upgrade(self, why: str) -> None:
        """Stay up until told to stop, or until another owner comes; nothing is done yet, so the message is read again."""
        self._here.waits_for_upgrade(why)
        self._changed.clear()
        if not self._stopping.is_set():
            await self._changed.wait()
        if self._stopping.is_set():
            os._exit(0)
        self._here.ended_by("another worker joined while this one waits for an upgrade")

    def _decide(self, fact: Fact, position: Position) -> Answer:
        if self._memory.is_past(position) or self._memory.knows(fact.id):
            return Answer(Outcome.repeat)
        with deadline(self._settings.decide_deadline):
            answer = self._decider.decide(self._memory.state, fact, position)
        keep_promise(self._decider, answer)
        return answer

    async def _published(self, message: Message, done: Done) -> Done:
        """Write the outputs, or the dead letter, and fold the memory fact; returns how it ended after all."""
        if done.outcome.ending is not Ending.dead_lettered:
            try:
                return await self._write(done)
            except Reject as error:
                done = Done(error.outcome, (), str(error), "broker", "", done.fact, done.id, done.trace, done.root_at)
        letter = dead_letter(self._decider.name, message, done, now())
        try:
            await self._send(letter)
        except Reject:
            await self._send(without_value(letter))
        return done

    async def _write(self, done: Done) -> Done:
        for together in in_any_order(done.records):
            await asyncio.gather(*map(self._send, together))
            for record in together:
                if record.topic == self._decider.memory:
                    self._memory.fold(decode(record.value))
        return done

    async def _send(self, record: Record) -> None:
        """Queued, then acknowledged. Raises `Reject` if the broker finds it too large; whatever else waiting cannot cure."""
        while True:
            self._mind_the_gap()
            try:
                return await self._put(record)
            except TimeoutError:
                if self._here.connected:
                    raise
                log.warning("sending again once the broker is back", topic=record.topic)


def in_any_order(records: Sequence[Record], at_most: int = 500) -> Iterator[list[Record]]:
    """The records in runs whose topic is the same and whose keys all differ, so that nothing depends on the order within a run."""
    run: list[Record] = []
    keys: set[bytes | None] = set()
    for record in records:
        if run and (len(run) >= at_most or record.topic != run[0].topic or record.key in keys):
            yield run
            run, keys = [], set()
        run.append(record)
        keys.add(record.key)
    if run:
        yield run


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    loop.call_soon_threadsafe(call)


def message_of(event: Any, settings: ServiceSettings) -> Message:
    """A Faust event as a message."""
    raw = event.message
    position = Position(topic=settings.plain(raw.topic), partition=raw.partition, offset=raw.offset)
    headers = tuple((name, bytes(value or b"")) for name, value in (raw.headers or ()))
    return Message(position, raw.key, raw.value, headers, int((raw.timestamp or 0) * 1000))


def keep_promise(decider: Decider[Any], answer: Answer) -> None:
    """Raise `Broken` unless exactly one memory fact stands last; what is suppressed may leave none."""
    places = [
        place
        for place, output in enumerate(answer.outputs)
        if output.topic == decider.memory and decider.remembers(output.fact)
    ]
    if places == [len(answer.outputs) - 1]:
        return
    if not answer.outputs and answer.outcome.ending is Ending.suppressed:
        return
    raise Broken(
        f"{decider.name} answered {answer.outcome} with memory facts at {places} of {len(answer.outputs)} outputs: "
        f"exactly one for {decider.memory}, last, is the rule"
    )
