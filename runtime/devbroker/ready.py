"""Ask a broker whether it is there: only a metadata answer that lists a broker counts, an open port does not."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def answers(bootstrap: str, wait_ms: int = 1500, **connection: Any) -> bool:
    """Say whether the cluster lists a broker within `wait_ms`; waits a little before a No, so it can be asked in a loop."""
    with _quiet("kafka"):
        return any(map(_is_open, bootstrap.split(","))) and _lists_a_broker(bootstrap, wait_ms, **connection)


def _is_open(address: str) -> bool:
    host, port = address.strip().rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        threading.Event().wait(0.1)
        return False
    return True


def _lists_a_broker(bootstrap: str, wait_ms: int, **connection: Any) -> bool:
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaError

    patience = {"request_timeout_ms": wait_ms, "bootstrap_timeout_ms": wait_ms, "reconnect_backoff_max_ms": 200}
    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, **patience, **connection)
    except (KafkaError, OSError, ValueError):
        return False
    try:
        return bool(admin.describe_cluster().get("brokers"))
    except (KafkaError, OSError):
        return False
    finally:
        admin.close()


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """A No is an answer here, and no error for the log."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
