"""What is started together ends together, however it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from console.running.plan import Program
from console.running.supervisor import Supervisor
from schemas.generate import ROOT

SLEEPER = Program("sleeper", (sys.executable, "-c", "import threading; threading.Event().wait()"))
STARTER = """
import sys, threading
from pathlib import Path
from console.running.plan import Program
from console.running.supervisor import Supervisor
with Supervisor([Program("sleeper", (sys.executable, "-c", "import threading; threading.Event().wait()"))], Path(sys.argv[1])) as all:
    all.start("sleeper")
    print(all._process.pid, all.states()[0].pid, flush=True)
    threading.Event().wait()
"""


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def eventually(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """A process that runs a supervisor, the supervisor's pid and that of its program."""
    starter = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", STARTER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert starter.stdout is not None
        supervisor, program = map(int, starter.stdout.readline().split())
        yield starter, supervisor, program
    finally:
        starter.kill()
        starter.communicate()


def test_nothing_outlives_a_killed_starter(tmp_path: Path) -> None:
    with started(tmp_path) as (starter, supervisor, program):
        starter.send_signal(signal.SIGKILL)
        eventually(lambda: not lives(program), f"the program {program} outlived the kill of its starter")
        eventually(lambda: not lives(supervisor), f"the supervisor {supervisor} outlived the kill of its starter")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has ended")
def test_no_program_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with started(tmp_path) as (_, supervisor, program):
        psutil.Process(supervisor).kill()
        eventually(lambda: not lives(program), f"the program {program} outlived the kill of its supervisor")


def test_a_killed_program_is_started_again_and_ends_with_the_block(tmp_path: Path) -> None:
    with Supervisor([SLEEPER], tmp_path) as supervisor:
        supervisor.start("sleeper")
        before = supervisor.states()[0].pid
        psutil.Process(before).kill()
        eventually(lambda: supervisor.states()[0].pid not in (0, before), "it was not started again")
        again = supervisor.states()[0].pid
    assert not lives(again)
