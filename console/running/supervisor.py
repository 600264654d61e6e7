"""The supervisor as a child of this process: start, stop, and what state each program is in."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from supervisor.xmlrpc import SupervisorTransport

from console.running.plan import Program, configuration
from runtime.places import PROJECT

STOP_SECONDS = 25.0
"""A little longer than a program is given before it is ended by force."""


class CannotRun(RuntimeError):  # noqa: N818 - what the command says
    """A process could not be started or kept alive; the text says which, why, and where its log is."""


@dataclass(frozen=True)
class State:
    """One program as the supervisor sees it."""

    name: str
    pid: int
    state: str
    since: int


class Supervisor:
    """Keeps the programs of one run alive. `folder` takes logs; use as a context: everything is ended at its end."""

    def __init__(self, programs: Sequence[Program], folder: Path) -> None:
        self.programs, self.folder = tuple(programs), folder
        self._socket_folder = tempfile.TemporaryDirectory(
            prefix="copytaster-"
        )  # short: a socket's path has 108 bytes at most
        self._socket = Path(self._socket_folder.name) / "s"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Supervisor:
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        config = self.folder / "supervisor.conf"
        config.touch(mode=0o600)
        config.chmod(0o600)  # it holds what the processes are told, secrets too
        config.write_text(configuration(self.programs, self.folder, self._socket), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", "-m", "console.running.supervising", "-n", "-c", str(config)]
        with (self.folder / "logs" / "supervisor.err").open("wb") as complaints:
            self._process = subprocess.Popen(
                command,
                cwd=PROJECT,
                stdin=subprocess.PIPE,  # closes when we end, however we end
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,
            )
        try:
            self._wait_for(self._answers, 30, "the supervisor did not start")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._stop_all()
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._socket_folder.cleanup()

    def _stop_all(self) -> None:
        """Tell everything but what came first to stop, all at once: by itself the supervisor ends one after the other."""
        later = {program.name for program in self.programs if not program.first}
        try:
            for state in self.states():
                if state.name in later and state.state in ("RUNNING", "STARTING", "BACKOFF"):
                    self._call("stopProcess", state.name, False)
            end = time.monotonic() + STOP_SECONDS
            while time.monotonic() < end and any(s.state == "STOPPING" for s in self.states()):
                time.sleep(0.1)
        except (OSError, xmlrpc.client.Error):
            return  # it does not answer: its own way is left

    def start(self, name: str, seconds: float = 30) -> None:
        """Start one program and return when it runs. Raises `CannotRun`."""
        self._call("startProcess", name, False)
        self._wait_for(lambda: self._runs(name), seconds, f"{name} did not start")

    def start_all(self, names: Sequence[str]) -> None:
        """Tell these programs to start, without waiting."""
        for name in names:
            self._call("startProcess", name, False)

    def stop(self, name: str) -> None:
        """Stop one program for good (SIGTERM)."""
        self._call("stopProcess", name, True)

    def states(self) -> list[State]:
        """Every program's state."""
        found = cast("list[dict[str, Any]]", self._call("getAllProcessInfo"))
        return [State(row["name"], row["pid"], row["statename"], row["start"]) for row in found]

    def dead(self) -> list[str]:
        """The programs that could not be kept alive."""
        return [state.name for state in self.states() if state.state == "FATAL"]

    def last_words(self, name: str, kind: str = ".log") -> str:
        """The end of a program's log."""
        path = self.folder / "logs" / f"{name}{kind}"
        return path.read_text(encoding="utf-8", errors="replace")[-1500:] if path.exists() else "(no log)"

    def _runs(self, name: str) -> bool:
        state = next(one for one in self.states() if one.name == name)
        if state.state == "FATAL":
            raise CannotRun(f"{name} ended as soon as it was started:\n{self.last_words(name)}")
        return state.state == "RUNNING"

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise CannotRun(f"the supervisor ended at once:\n{self.last_words('supervisor', '.err')}")
        try:
            return bool(self._call("getState"))
        except (OSError, xmlrpc.client.Error):
            return False

    def _call(self, method: str, *arguments: object) -> object:
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport) as server:
            return getattr(server.supervisor, method)(*arguments)

    def _wait_for(self, holds: Callable[[], bool], seconds: float, trouble: str) -> None:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise CannotRun(f"{trouble} within {seconds:.0f} s; see {self.folder}/logs")
            time.sleep(0.1)
