"""Start, stop and kill one node of Apache Kafka that keeps its log in a folder."""

from __future__ import annotations

import base64
import json
import os
import signal
import string
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from runtime.devbroker.jars import ready_jars
from runtime.devbroker.java import find_java
from runtime.devbroker.ports import any_free, is_free
from runtime.devbroker.ready import answers
from runtime.devbroker.trouble import BrokerTrouble
from runtime.places import DEPLOY

_TEMPLATE = DEPLOY / "broker" / "server.properties"
_LOGGING = DEPLOY / "broker" / "log4j2.xml"
# little memory, quick start; the second is the code cache of a compiler that a short life never pays back
_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.awt.headless=true")


@dataclass(frozen=True)
class Running:
    """The record of a started node, kept as broker.json: `created` guards against another process with the same pid."""

    pid: int
    created: float
    port: int
    controller_port: int
    bootstrap: str


class Broker:
    """One node of Kafka with its data under `folder`; two ports on loopback, its own or chosen.

    `settings` adds to or replaces lines of server.properties. With `tied` it ends with the process that started it.
    Every method may be called from another process than the one that started the node.
    """

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        *,
        heap_mb: int = 256,
        settings: Mapping[str, str] | None = None,
        tied: bool = False,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.folder, self.heap_mb, self.settings, self.tied, self.say = folder, heap_mb, dict(settings or {}), tied, say
        self._ports = self._choose(port)
        self._node: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return self._ports[0]

    @property
    def bootstrap(self) -> str:
        """Address for `bootstrap_servers`."""
        return f"127.0.0.1:{self.port}"

    @property
    def record(self) -> Path:
        return self.folder / "broker.json"

    @property
    def log(self) -> Path:
        return self.folder / "broker" / "broker.log"

    def running(self) -> Running | None:
        """Return the record of the node if its process lives, else None."""
        return None if _process(read_record(self.record)) is None else read_record(self.record)

    def start(self, timeout: float = 120) -> None:
        """Start the node and return when it answers with itself in the metadata. Does nothing if it runs.

        `timeout` is in seconds. Raises BrokerTrouble when a port is taken, it ends early or does not answer in time.
        """
        if not self.running():
            self._refuse_taken_ports()
            self._spawn()
        self._wait_ready(timeout)

    def stop(self, timeout: float = 30) -> None:
        """End the node cleanly (SIGTERM), by force after `timeout` seconds. Does nothing if it does not run."""
        self._end(signal.SIGTERM, timeout)

    def kill(self) -> None:
        """End the node at once (SIGKILL), as a power cut of the process would."""
        self._end(signal.SIGKILL, 30)

    def _choose(self, port: int | None) -> tuple[int, int]:
        before = read_record(self.record)
        if before and port in (None, before.port):
            return before.port, before.controller_port
        first, second = any_free(2)
        return (first, second) if port is None else (port, first if first != port else second)

    def _refuse_taken_ports(self) -> None:
        for port in self._ports:
            if not is_free(port):
                raise BrokerTrouble(
                    f"port {port} is taken by another program. Cure: end it (`lsof -i :{port}` names it), "
                    "or choose another with `copytaster broker start --port`"
                )

    def _spawn(self) -> None:
        home = self.folder / "broker"
        home.mkdir(parents=True, exist_ok=True)
        config = self._write_config(home)
        if not (home / "data" / "meta.properties").exists():
            self._format(config)
        with (home / "out.log").open("ab") as out:
            command = self._java("kafka.Kafka", str(config))
            self._node = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        self._write_record(self._node.pid)
        if self.tied:
            self._guard = _guard_of(self._node.pid)

    def _write_config(self, home: Path) -> Path:
        port, controller = self._ports
        values = {"port": port, "controller_port": controller, "log_dirs": (home / "data").as_posix()}
        text = string.Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(values)
        extra = "".join(f"{key}={value}\n" for key, value in self.settings.items())
        config = home / "server.properties"
        config.write_text(text + extra, encoding="utf-8")
        return config

    def _format(self, config: Path) -> None:
        # "A" first: the tool takes an id that begins with "-" for an option
        cluster = "A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]
        command = self._java(
            "kafka.tools.StorageTool", "format", "--ignore-formatted", "-t", cluster, "-c", str(config)
        )
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode != 0:
            raise BrokerTrouble(
                f"Kafka could not prepare {self.folder / 'broker'}: {(done.stderr + done.stdout).strip()[-500:]}"
            )

    def _java(self, main: str, *arguments: str) -> list[str]:
        java = find_java()
        native = ["--enable-native-access=ALL-UNNAMED"] if java.major >= 22 else []
        memory = [f"-Xms{min(64, self.heap_mb)}m", f"-Xmx{self.heap_mb}m", "-XX:MaxDirectMemorySize=128m"]
        logging = [f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}", f"-Dcopytaster.log={self.log}"]
        jars = str(ready_jars(self.say) / "*")
        return [str(java.path), *memory, *_JVM, *native, *logging, "-cp", jars, main, *arguments]

    def _write_record(self, pid: int) -> None:
        created = psutil.Process(pid).create_time()
        text = json.dumps(asdict(Running(pid, created, *self._ports, self.bootstrap)))
        aside = self.record.with_suffix(".new")
        aside.write_text(text, encoding="utf-8")
        aside.replace(self.record)

    def _wait_ready(self, timeout: float) -> None:
        end = time.monotonic() + timeout
        while not answers(self.bootstrap):
            if not self.running():
                raise BrokerTrouble(f"Kafka ended while starting; its last words: {self._last_words()}")
            if time.monotonic() > end:
                raise BrokerTrouble(f"Kafka did not answer at {self.bootstrap} within {timeout:.0f} s; see {self.log}")

    def _last_words(self) -> str:
        texts = (
            path.read_text(encoding="utf-8", errors="replace")
            for path in (self.log, self.folder / "broker" / "out.log")
            if path.exists()
        )
        return " | ".join(text.strip()[-600:] for text in texts if text.strip()) or "none"

    def _end(self, by: signal.Signals, timeout: float) -> None:
        process = _process(read_record(self.record))
        if process is not None:
            os.kill(process.pid, by)
            self._await_end(process, timeout)
        if self._node is not None:
            self._node.wait()
            self._node = None
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None

    def _await_end(self, process: psutil.Process, timeout: float) -> None:
        try:
            process.wait(timeout)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(timeout)


@contextmanager
def running_broker(
    folder: Path, port: int | None = None, *, heap_mb: int = 256, settings: Mapping[str, str] | None = None
) -> Iterator[Broker]:
    """Give a started broker with its log under `folder`, on a free port if none is named, and stop it at the end."""
    broker = Broker(folder, port, heap_mb=heap_mb, settings=settings, tied=True)
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()


def read_record(path: Path) -> Running | None:
    """Return what broker.json says, or None if there is none that can be read."""
    try:
        return Running(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _process(record: Running | None) -> psutil.Process | None:
    if record is None:
        return None
    try:
        process = psutil.Process(record.pid)
        same = abs(process.create_time() - record.created) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return process if same else None


def _guard_of(pid: int) -> subprocess.Popen[bytes]:
    """Start a shell that kills the node when our end of its pipe closes, which it does however we end."""
    script = 'cat >/dev/null; kill -9 "$0" 2>/dev/null'
    return subprocess.Popen(["/bin/sh", "-c", script, str(pid)], stdin=subprocess.PIPE, start_new_session=True)
