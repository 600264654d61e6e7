"""The supervisor's own process: as supervisord, but nothing of it outlives whoever started it.

It ends, and ends its programs, when its standard input closes, which it does however the starter ends. Each program is told to end
when this process is killed (Linux only: elsewhere `copytaster run` must be ended in an orderly way, or by the killing of the starter).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Sequence

from supervisor.options import ServerOptions
from supervisor.supervisord import go

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class EndingTogether(ServerOptions):  # type: ignore[misc]
    """Options whose programs are told to end when the supervisor is no more."""

    def setpgrp(self) -> None:
        """Called in a program's process before it becomes the program."""
        super().setpgrp()
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _end_with_the_starter() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main(arguments: Sequence[str]) -> None:
    """Supervise until told to stop or until the starter has ended."""
    options = EndingTogether()
    options.realize(list(arguments), doc=__doc__)
    options.first, options.test = True, False
    threading.Thread(target=_end_with_the_starter, name="starter", daemon=True).start()
    go(options)
    options.close_httpservers()
    options.close_logger()


if __name__ == "__main__":
    main(sys.argv[1:])
