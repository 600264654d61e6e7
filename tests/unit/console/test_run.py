"""A run of everything: alone in its folder, and it can be ended before it is up."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import cast

import pytest

from console import run as running
from console.running.ports import anywhere
from console.running.supervisor import CannotRun, Supervisor


def test_a_second_run_in_one_folder_is_told_which_is_there_and_what_to_do(tmp_path: Path) -> None:
    with (
        running.alone(tmp_path),
        pytest.raises(CannotRun, match=f"process {os.getpid()}.*COPYTASTER_HOME"),
        running.alone(tmp_path),
    ):
        raise AssertionError("two runs in one folder")


def test_a_folder_is_free_again_when_its_run_has_ended(tmp_path: Path) -> None:
    with running.alone(tmp_path):
        pass
    with running.alone(tmp_path):
        assert (tmp_path / "run.lock").read_text() == str(os.getpid())


class NothingRuns:
    def dead(self) -> list[str]:
        return []


def test_a_run_that_waits_for_its_broker_ends_when_told_to(tmp_path: Path) -> None:
    told = running.Run(tmp_path, anywhere(), 1.0, running.MORNING, None, None, new_morning=True)
    stop = threading.Event()
    stop.set()
    with pytest.raises(running.ToldToStop):
        running.wait_for_broker(told, cast("Supervisor", NothingRuns()), stop)
