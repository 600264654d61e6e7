"""Waits until the desk shows an alert, says it, and ends: 0 when one came, 1 when none came in time.

first_alert.py ADDRESS SECONDS
"""

from __future__ import annotations

import json
import sys
import threading
import time
import urllib.request


def alerts(address: str) -> list[dict[str, str]]:
    """What the desk shows now; nothing while it does not answer."""
    try:
        with urllib.request.urlopen(f"{address}/api/alerts", timeout=5) as answer:  # noqa: S310 - loopback
            found: list[dict[str, str]] = json.load(answer)["alerts"]
            return found
    except (OSError, ValueError, KeyError):
        return []


def main(address: str, seconds: float) -> int:
    """Ask once a second."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if found := alerts(address):
            print(f"first alert after {time.monotonic() - began:.0f} s: {found[-1].get('first_line')}")
            return 0
        threading.Event().wait(1)
    print(f"no alert at {address}/api/alerts within {seconds:.0f} s")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], float(sys.argv[2])))
