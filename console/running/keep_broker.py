"""Holds the development broker as one process that a supervisor can start, stop and start again."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from runtime.devbroker import Broker, BrokerTrouble


def keep(folder: Path, port: int) -> int:
    """Run the broker until told to stop or until it ends by itself; the exit status says which."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    broker = Broker(folder, port, tied=True, say=lambda words: print(words, flush=True))
    try:
        broker.start()
    except BrokerTrouble as trouble:
        print(trouble, file=sys.stderr, flush=True)
        return 1
    while not stop.wait(0.5):
        if not broker.running():
            print("the broker ended by itself", file=sys.stderr, flush=True)
            return 1
    broker.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(keep(Path(sys.argv[1]), int(sys.argv[2])))
