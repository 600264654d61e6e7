"""Waits until Prometheus has scraped every service: 0 when all are up, 1 and their names when not in time.

scraped.py ADDRESS SECONDS
"""

from __future__ import annotations

import json
import sys
import threading
import time
import urllib.request

from schemas.stages import SERVICES


def down(address: str) -> set[str]:
    """The services that Prometheus does not see as up; all of them while it does not answer."""
    try:
        with urllib.request.urlopen(f"{address}/api/v1/query?query=up", timeout=5) as answer:  # noqa: S310 - loopback
            found = json.load(answer)["data"]["result"]
    except (OSError, ValueError, KeyError):
        return set(SERVICES)
    up = {one["metric"]["instance"].split(":")[0] for one in found if one["value"][1] == "1"}
    return set(SERVICES) - up


def main(address: str, seconds: float) -> int:
    """Ask once a second."""
    end = time.monotonic() + seconds
    while missing := down(address):
        if time.monotonic() > end:
            print(f"Prometheus does not see {', '.join(sorted(missing))}")
            return 1
        threading.Event().wait(1)
    print(f"Prometheus scrapes all {len(SERVICES)} services")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], float(sys.argv[2])))
