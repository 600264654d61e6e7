"""Choose TCP ports on loopback that nobody listens on."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable

# below the range that systems hand out to outgoing connections: a broker must get its port back after a kill
_LOW, _HIGH = 20_000, 32_000


def is_free(port: int) -> bool:
    """Say whether a listener can have this port on loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def first_free(wanted: int, taken: Iterable[int] = ()) -> int:
    """Return the wanted port or the next free one after it."""
    not_these = set(taken)
    return next(port for port in range(wanted, 65_536) if port not in not_these and is_free(port))


def any_free(count: int) -> list[int]:
    """Return so many different free ports, chosen at random so that two runs seldom meet."""
    pool = random.SystemRandom().sample(range(_LOW, _HIGH), _HIGH - _LOW)
    free = (port for port in pool if is_free(port))
    return [next(free) for _ in range(count)]
