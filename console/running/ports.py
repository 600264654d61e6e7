"""Ports on loopback: those of the last run if they are free, else others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from console.running.plan import Ports
from runtime.devbroker.ports import any_free, is_free
from schemas.stages import SERVICES

DESK = 8080


def next_free(port: int, taken: set[int]) -> int:
    """Return this port or the next free one that is not in `taken`, which it joins."""
    while port in taken or not is_free(port):
        port += 1
        if port > 65535:
            raise OSError("no free port is left on 127.0.0.1: end some programs that listen")
    taken.add(port)
    return port


def choose(record: Path, desk: int | None = None) -> Ports:
    """The ports of a run. `record` is the file of the last run; the desk is at 8080 or the next free port unless told otherwise."""
    before = _before(record)
    taken: set[int] = set()

    def port(name: str, default: int) -> int:
        return next_free(int(before.get(name, default)), taken)

    first = desk or DESK
    metrics = before.get("metrics", {})
    return Ports(
        desk=next_free(first, taken) if desk or "desk" not in before else port("desk", first),
        broker=port("broker", 19092),
        publisher=port("publisher", 18100),
        receiver=port("receiver", 18200),
        mail=port("mail", 18225),
        mail_page=port("mail_page", 18226),
        metrics={
            name: next_free(int(metrics.get(name, 19100 + number)), taken) for number, name in enumerate(SERVICES)
        },
    )


def anywhere() -> Ports:
    """Ports at random, away from those of a run by hand: two test runs on one machine do not meet."""
    desk, broker, publisher, receiver, mail, mail_page, *metrics = any_free(6 + len(SERVICES))
    return Ports(broker, desk, publisher, receiver, mail, mail_page, dict(zip(SERVICES, metrics, strict=True)))


def _before(record: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(record.read_text(encoding="utf-8")).get("ports", {})
    except (OSError, ValueError):
        return {}
    return found
