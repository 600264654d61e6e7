"""Logs as JSON lines on stdout: one line an outcome, no article text, no secret."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import MutableMapping
from typing import Any

import structlog

from schemas.outcomes import Ending, Outcome

_SECRET_NAMES = ("password", "secret", "token", "authorization", "api_key", "credential")
_NOISY = {"aiokafka": 10.0, "kafka": 10.0, "faust": 5.0, "mode": 5.0, "httpx2": 5.0, "httpcore2": 5.0}
"""Loggers of which only warnings are let through, and for how many seconds one that repeats itself is held.

While the broker is away its clients write 80 lines a second (measured); the HTTP client writes a line for each request, with its address,
which may be a secret.
"""


class OncePerWhile(logging.Filter):
    """Let one record of a logger and level through in `seconds`; the next one says how many were held back."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds, self._lock = seconds, threading.Lock()
        self._until: dict[tuple[str, int], float] = {}
        self._held: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place, now = (record.name, record.lineno), time.monotonic()
        with self._lock:
            if now < self._until.get(place, 0):
                self._held[place] = self._held.get(place, 0) + 1
                return False
            self._until[place] = now + self._seconds
            held = self._held.pop(place, 0)
        if held:
            record.msg, record.args = f"{record.getMessage()} ({held} more like it held back)", ()
        return True


class _Quiet(logging.Handler):
    """Passes a noisy library's records on, once per while."""

    def __init__(self, target: logging.Handler, seconds: float) -> None:
        super().__init__(logging.WARNING)
        self.addFilter(OncePerWhile(seconds))
        self._target = target

    def emit(self, record: logging.LogRecord) -> None:
        self._target.handle(record)


def without_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blot out whatever stands under the name of a secret."""
    for name in event:
        if any(word in name.lower() for word in _SECRET_NAMES):
            event[name] = "[secret]"
    return event


_BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_secrets,
]


def configure(service: str, level: str = "info") -> None:
    """Send every log line of this process to stdout as JSON, with the service's name."""
    structlog.contextvars.bind_contextvars(service=service)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_BEFORE,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_formatter(service))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    _hold_back(handler)


def _formatter(service: str) -> logging.Formatter:
    def named(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("service", service)  # lines of other threads carry no context of ours
        return event

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_BEFORE, structlog.processors.format_exc_info],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            named,
            structlog.processors.JSONRenderer(),
        ],
    )


def _hold_back(handler: logging.Handler) -> None:
    for name, seconds in _NOISY.items():
        logger = logging.getLogger(name)
        logger.handlers = [_Quiet(handler, seconds)]
        logger.propagate = False
        logger.setLevel(logging.WARNING)


log = structlog.stdlib.get_logger("copytaster")


def tell_outcome(outcome: Outcome, **about: Any) -> None:
    """One line for one message: its outcome and where it stood; `about` holds ids and places, never text."""
    tell = log.warning if outcome.ending is Ending.dead_lettered else log.info
    tell("outcome", outcome=outcome.value, ending=outcome.ending.value, **about)
