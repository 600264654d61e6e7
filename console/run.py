"""`copytaster run`: everything on this machine, kept alive, with one table of where it is."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from console.running import demonstration
from console.running.plan import Ports, Program, python, services
from console.running.ports import choose
from console.running.supervisor import CannotRun, Supervisor
from runtime.clock import now as clock
from runtime.places import PROJECT, state_folder

app = typer.Typer(add_completion=False)
out = Console(highlight=False)

MORNING = PROJECT / "deploy/demo/morning.yaml"
PEOPLE = PROJECT / "deploy/demo/people.yaml"
READY_SECONDS = 180.0
NEVER = threading.Event()
"""What tells nobody to stop."""


@dataclass(frozen=True)
class Run:
    """What one run was told."""

    folder: Path
    ports: Ports
    speed: float
    scenario: Path
    real_sources: Path | None
    own_broker: str | None
    new_morning: bool

    @property
    def record(self) -> Path:
        """The file that tells other commands, and the next run, what runs here."""
        return self.folder / "run.json"

    @property
    def bootstrap(self) -> str:
        """The broker's address."""
        return self.own_broker or f"127.0.0.1:{self.ports.broker}"

    @property
    def publisher(self) -> str:
        """The address of the demonstration's outlets."""
        return f"http://127.0.0.1:{self.ports.publisher}"


@app.command()
def run(
    speed: Annotated[
        float, typer.Option(min=0.1, max=1000, help="the demonstration's pace: 5 is five times as fast")
    ] = 1.0,
    desk_port: Annotated[int | None, typer.Option(help="the desk's port; else 8080 or the next free one")] = None,
    scenario: Annotated[Path, typer.Option(help="the demonstration's script")] = MORNING,
    new_morning: Annotated[bool, typer.Option(help="begin the demonstration again, under new addresses")] = False,
) -> None:
    """Start the broker, the topics, every service and the demonstration; Ctrl-C ends it all cleanly.

    COPYTASTER_SOURCES=FILE polls the sources of that file in place of the demonstration.
    """
    folder = state_folder()
    folder.mkdir(parents=True, exist_ok=True)
    chosen = os.environ.get("COPYTASTER_SOURCES")
    told = Run(
        folder=folder,
        ports=choose(folder / "run.json", desk_port),
        speed=speed,
        scenario=scenario,
        real_sources=Path(chosen) if chosen else None,
        own_broker=os.environ.get("KAFKA_BOOTSTRAP_SERVERS"),
        new_morning=new_morning,
    )
    try:
        keep_running(told)
    except (CannotRun, ValueError, OSError) as error:
        out.print(f"[bold]Cannot run:[/bold] {error}", markup=True)
        raise typer.Exit(1) from error


def keep_running(told: Run) -> None:
    """Bring everything up, say where it is, and stay until told to stop. Raises `CannotRun`."""
    stop = threading.Event()
    with alone(told.folder), _stopping(stop), Supervisor(programs(told), told.folder) as supervisor:
        began = time.monotonic()
        try:
            bring_up(told, supervisor, out.print, stop)
            out.print(where(told))
            out.print(
                f"Up after {time.monotonic() - began:.0f} s. Alerts appear here as they are sent. Ctrl-C ends it all.\n"
            )
            watch(told, supervisor, stop)
        except ToldToStop:
            pass
        out.print("Ending …")
    out.print("Ended. The log and all state are kept; `make run` goes on from here.")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep the folder of a run to one run at a time. Raises `CannotRun` that names the other."""
    with (folder / "run.lock").open("a+", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            held.seek(0)
            raise CannotRun(
                f"another run (process {held.read().strip() or 'unknown'}) uses {folder}. "
                "End it with Ctrl-C, or give this one a folder of its own with COPYTASTER_HOME"
            ) from taken
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


class ToldToStop(Exception):  # noqa: N818 - no error
    """The run was told to stop before it was up."""


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def shared_environment(told: Run) -> dict[str, str]:
    """What every process is told."""
    return {
        "KAFKA_BOOTSTRAP_SERVERS": told.bootstrap,
        "COPYTASTER_HOME": str(told.folder),
        "COPYTASTER_PEOPLE": os.environ.get("COPYTASTER_PEOPLE", str(PEOPLE)),
        "COPYTASTER_DEMO_RECEIVER": f"http://127.0.0.1:{told.ports.receiver}/alerts",
        "COPYTASTER_SMTP_PORT": str(told.ports.mail),
        "COPYTASTER_DESK_URL": f"http://127.0.0.1:{told.ports.desk}",
        "COPYTASTER_TERMINAL": str(told.folder / "alerts.txt"),
        "PYTHONUNBUFFERED": "1",
    }


def demonstration_secret(folder: Path) -> str:
    """What delivery signs webhooks to the demonstration's receiver with: made once, kept in the folder of the run."""
    path = folder / "webhook-secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"whsec_{b64encode(token_bytes(32)).decode()}\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def programs(told: Run) -> list[Program]:
    """Every process of the run: the broker unless there is an own one, the services, the demonstration unless there are real sources."""
    shared = shared_environment(told)
    secrets = {"COPYTASTER_DEMO_SECRET": demonstration_secret(told.folder)}
    found = services(told.ports, shared, secrets)
    if told.own_broker is None:
        keeper = python("console.running.keep_broker", str(told.folder), str(told.ports.broker))
        found.insert(0, Program("broker", keeper, first=True))
    receiver = python("deploy.demo.receiver", "--port", str(told.ports.receiver))
    mail = python("deploy.demo.mailsink", "--port", str(told.ports.mail), "--page-port", str(told.ports.mail_page))
    found += [Program("receiver", receiver, shared | secrets), Program("mail", mail, shared)]
    if told.real_sources is None:
        start = demonstration_start(told)
        publisher = python(
            "deploy.demo.publisher", "--scenario", str(told.scenario), "--port", str(told.ports.publisher),
            "--speed", str(told.speed), "--start", start.isoformat(),
        )  # fmt: skip
        found.append(Program("publisher", publisher, shared))
    return found


def demonstration_start(told: Run) -> datetime:
    """When the morning began: kept over restarts, so that what was published stays published."""
    before = _read(told.record).get("morning")
    if before and not told.new_morning:
        return datetime.fromisoformat(before)
    return clock().replace(microsecond=0)


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def bring_up(told: Run, supervisor: Supervisor, say: Callable[[str], object], stop: threading.Event) -> None:
    """Broker, topics, sources and rules, then everything else, until every service is ready. Raises `CannotRun`, `ToldToStop`."""
    os.environ["KAFKA_BOOTSTRAP_SERVERS"] = told.bootstrap
    if told.own_broker is None:
        say("Starting the broker …")
        wait_for_broker(told, supervisor, stop)
    say("Making the topics …")
    make_topics()
    first_time = not told.record.exists()
    write_record(told)
    if first_time or told.new_morning or told.real_sources:
        configure(told)
    say("Starting the services …")
    supervisor.start_all([program.name for program in programs(told) if not program.first])
    wait_until_ready(told, supervisor, stop)


def wait_for_broker(told: Run, supervisor: Supervisor, stop: threading.Event = NEVER) -> None:
    """Return when the broker answers with itself in its metadata. Raises `CannotRun`."""
    from runtime.devbroker.ready import answers

    end = time.monotonic() + READY_SECONDS
    while not answers(told.bootstrap):
        if supervisor.dead() or time.monotonic() > end:
            raise CannotRun(f"the broker did not come up:\n{supervisor.last_words('broker')}")
        _pause(stop)


def _pause(stop: threading.Event) -> None:
    if stop.wait(0.2):
        raise ToldToStop


def make_topics() -> None:
    """Create the topics that are missing."""
    from runtime.admin import administrator, create_topics
    from runtime.brokers import BrokerSettings

    settings = BrokerSettings()
    with administrator(settings) as client:
        create_topics(client, settings)


def configure(told: Run) -> None:
    """Write the sources and rules of the demonstration, or the operator's own sources."""
    from runtime.publish import Publisher
    from runtime.settings import ServiceSettings

    now = clock()
    scenario = demonstration.read_scenario(told.scenario)
    outputs = list(demonstration.rule_outputs(scenario, now))
    if told.real_sources:
        from console.sources import read_sources

        outputs += [demonstration.source_output(source, "operator", now) for source in read_sources(told.real_sources)]
    else:
        interval = max(0.2, 2.0 / told.speed)
        outputs += demonstration.source_outputs(scenario, told.publisher, interval, now)
    with Publisher(ServiceSettings(), "desk") as publisher:
        publisher.put(outputs)


def write_record(told: Run) -> None:
    """Tell other commands and the next run what runs here."""
    record = {
        "ports": asdict(told.ports) | {"metrics": dict(told.ports.metrics)},
        "services": {name: {"metrics_port": port} for name, port in told.ports.metrics.items()},
        "desk": f"http://127.0.0.1:{told.ports.desk}",
        "bootstrap": told.bootstrap,
        "morning": demonstration_start(told).isoformat(),
    }
    aside = told.record.with_suffix(".new")
    aside.write_text(json.dumps(record, indent=1), encoding="utf-8")
    aside.replace(told.record)


def wait_until_ready(told: Run, supervisor: Supervisor, stop: threading.Event = NEVER) -> None:
    """Return when every service says that it can work. Raises `CannotRun` with what it lacks."""
    end = time.monotonic() + READY_SECONDS
    waiting = dict(told.ports.metrics)
    while waiting:
        lacking = {name: readiness(port) for name, port in waiting.items()}
        waiting = {name: port for name, port in waiting.items() if lacking[name] is not None}
        if dead := supervisor.dead():
            raise CannotRun(f"{dead[0]} cannot be kept alive:\n{supervisor.last_words(dead[0])}")
        if waiting and time.monotonic() > end:
            name = next(iter(waiting))
            raise CannotRun(
                f"{name} is not ready after {READY_SECONDS:.0f} s: {lacking[name]}\n{supervisor.last_words(name)}"
            )
        _pause(stop)


def readiness(port: int) -> str | None:
    """None if the service there is ready, else what it lacks, in words."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
            return None
    except urllib.error.HTTPError as error:
        return error.read().decode(errors="replace").strip()
    except OSError as error:
        return f"it does not answer ({error})"


def where(told: Run) -> Table:
    """The table of addresses."""
    table = Table(title="Copytaster runs here", show_header=False, title_justify="left")
    ports = told.ports
    table.add_row("desk", f"http://127.0.0.1:{ports.desk}/queue")
    link = told.folder / "desk-sign-in-link"
    if link.exists():
        table.add_row("make an account (once)", link.read_text(encoding="utf-8").strip())
    table.add_row("alerts as JSON", f"http://127.0.0.1:{ports.desk}/api/alerts")
    table.add_row("received webhooks", f"http://127.0.0.1:{ports.receiver}/received")
    table.add_row("received mail", f"http://127.0.0.1:{ports.mail_page}/mails")
    if told.real_sources is None:
        table.add_row("demonstration outlets", f"{told.publisher}/")
    table.add_row("broker", told.bootstrap)
    table.add_row("metrics", ", ".join(f"{name} :{port}" for name, port in ports.metrics.items()))
    table.add_row("logs", str(told.folder / "logs"))
    return table


def watch(told: Run, supervisor: Supervisor, stop: threading.Event) -> None:
    """Show alerts as the terminal channel writes them, until told to stop. Raises `CannotRun` when a process cannot be kept alive."""
    path = told.folder / "alerts.txt"
    place = path.stat().st_size if path.exists() else 0
    while not stop.wait(0.3):
        place = show_from(path, place)
        if dead := supervisor.dead():
            raise CannotRun(f"{dead[0]} cannot be kept alive:\n{supervisor.last_words(dead[0])}")
    show_from(path, place)


def show_from(path: Path, place: int) -> int:
    """Copy what was written since `place` (in bytes) to the terminal and say where it ends now."""
    if not path.exists():
        return place
    with path.open("rb") as alerts:
        alerts.seek(place)
        text = alerts.read()
    sys.stdout.write(text.decode(errors="replace"))
    sys.stdout.flush()
    return place + len(text)
