"""What happens inside the processes of the pool: one message is read, handled and written down as bytes.

Everything here is named by module, so that it can be sent to a process that was started afresh.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

from runtime.guarded import Handle, handled
from runtime.handling import Retry
from runtime.messages import Done, Message
from schemas.codec import NewerVersion


@dataclass(frozen=True)
class TryAgain:
    """The handler asked for another attempt."""

    why: str


@dataclass(frozen=True)
class Newer:
    """The message is of a newer version than this process reads."""

    why: str


Result = Done | TryAgain | Newer


def work(service: str, handle: Handle, message: Message) -> Result:
    """How this message ends, or what it waits for."""
    try:
        return handled(service, handle, message)
    except Retry as error:
        return TryAgain(str(error))
    except NewerVersion as error:
        return Newer(str(error))


def begin(prepare: Callable[[], None] | None) -> None:
    """Set up one process of the pool: it ends with its parent, and loads what `prepare` loads, once."""
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    if prepare is not None:
        prepare()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def new_pool(workers: int, prepare: Callable[[], None] | None, handle: Handle) -> Any:
    """A pool of processes started afresh, with the handler's module loaded once for all of them."""
    from pebble import ProcessPool

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([name for name in ("runtime.pool", handle.__module__) if name != "__main__"])
    return ProcessPool(max_workers=workers, initializer=begin, initargs=(prepare,), context=context)
