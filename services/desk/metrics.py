"""Looks at the services' own metrics every few seconds: how long the oldest message of each waits, and which does not answer."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Mapping

from services.desk.whole import DOWN, oldest_unread

EVERY_SECONDS = 10.0
PATIENCE_SECONDS = 2.0


class Watch:
    """What the services said of themselves at the last look, by name: seconds that the oldest message waits, or `DOWN`."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = dict(addresses)
        self._waits: dict[str, float] = {}

    def waits(self) -> dict[str, float]:
        """The last look; empty before the first, and where no service is named."""
        return dict(self._waits)

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop."""
        while self._addresses and not stop.is_set():
            self._waits = {name: self._look(address) for name, address in self._addresses.items()}
            stop.wait(EVERY_SECONDS)

    def _look(self, address: str) -> float:
        try:
            with urllib.request.urlopen(f"{address}/metrics", timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - the operator's own setting
                return oldest_unread(answer.read().decode())
        except (OSError, ValueError):
            return DOWN
