"""What the machine has and lacks. Each check says what it found, whether that is enough, and the cure with its commands."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from runtime.devbroker.jars import expected_sums, jar_folder
from runtime.devbroker.java import find_java
from runtime.devbroker.node import Broker
from runtime.devbroker.ports import is_free
from runtime.devbroker.trouble import BrokerTrouble
from runtime.places import PROJECT, state_folder

MB = 1_000_000
OLDEST_PYTHON, FIRST_TOO_NEW = (3, 11), (3, 14)
LEAST_MEMORY, LEAST_DISK = 2_500 * MB, 1_000 * MB


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `cure` is empty when nothing needs one; `needed` tells a lack from a remark."""

    what: str
    fine: bool
    found: str
    cure: str = ""
    needed: bool = True


def examine(own_broker: str | None) -> Iterator[Finding]:
    """Look at everything that `make run` needs; with a broker of one's own, Java and jars are not looked at."""
    yield python_version(sys.version_info[:2])
    yield environment(Path(sys.prefix))
    yield from (tool(name) for name in ("make", "git"))
    if own_broker is None:
        yield java()
        yield jars()
    yield memory(psutil.virtual_memory().available)
    yield disk(shutil.disk_usage(PROJECT).free)
    yield from ports(is_free, running=Broker(state_folder()).running() is not None, own_broker=own_broker is not None)
    yield offline()


def python_version(version: tuple[int, int]) -> Finding:
    """Python 3.11, 3.12 or 3.13."""
    fine = OLDEST_PYTHON <= version < FIRST_TOO_NEW
    cure = "apt-get install python3.12 python3.12-venv | dnf install python3.12 | brew install python@3.12; then make setup"
    return Finding("Python", fine, f"{version[0]}.{version[1]} ({sys.executable})", "" if fine else cure)


def environment(prefix: Path) -> Finding:
    """The project's own environment, whole and made for the present lock."""
    stamp = PROJECT / ".venv" / "copytaster.stamp"
    if prefix.resolve() != (PROJECT / ".venv").resolve():
        return Finding(
            "environment", False, f"this Python runs from {prefix}", "make setup; then .venv/bin/copytaster doctor"
        )
    if not stamp.exists():
        return Finding("environment", True, f"{prefix}, not made by make setup", "make setup", needed=False)
    return Finding("environment", True, str(prefix))


def tool(name: str) -> Finding:
    """A program on the path."""
    path = shutil.which(name)
    cure = f"apt-get install {name} | dnf install {name} | brew install {name}"
    return Finding(name, path is not None, path or "not on the path", "" if path else cure)


def java() -> Finding:
    """A Java that runs the development broker."""
    try:
        found = find_java()
    except BrokerTrouble as trouble:
        return Finding("Java", False, "none that is new enough", str(trouble))
    return Finding("Java", True, f"{found.major}, from {found.origin} ({found.path})")


def jars() -> Finding:
    """The broker's jars, which are fetched once."""
    folder, wanted = jar_folder(), expected_sums()
    there = {path.name for path in folder.glob("*.jar")}
    if missing := wanted.keys() - there:
        found = f"{len(missing)} of {len(wanted)} not fetched yet"
        return Finding(
            "jars", True, found, "copytaster broker start fetches them (44 MB, needs the network once)", needed=False
        )
    return Finding("jars", True, f"{len(wanted)} in {folder}")


def memory(available: int) -> Finding:
    """Memory for the broker and nine processes, in bytes."""
    cure = "close other programs; or run the broker elsewhere: KAFKA_BOOTSTRAP_SERVERS=host:9092 make run"
    fine = available >= LEAST_MEMORY
    return Finding(
        "memory", fine, f"{available // MB} MB available, {LEAST_MEMORY // MB} MB wanted", "" if fine else cure
    )


def disk(free: int) -> Finding:
    """Room for the log and the jars, in bytes."""
    fine = free >= LEAST_DISK
    cure = "make room, or set COPYTASTER_HOME to a folder on another disk"
    return Finding("disk", fine, f"{free // MB} MB free, {LEAST_DISK // MB} MB wanted", "" if fine else cure)


def ports(free: Callable[[int], bool], *, running: bool, own_broker: bool) -> Iterator[Finding]:
    """The ports that people expect; a taken one is no lack, the next free one is used."""
    wanted = [("desk", 8080)] if own_broker or running else [("desk", 8080), ("broker", 9092)]
    for name, port in wanted:
        found = "free" if free(port) else "taken"
        cure = "" if found == "free" else f"none needed: the next free one is used; `lsof -i :{port}` names the program"
        yield Finding(f"port {port} ({name})", True, found, cure, needed=False)


def offline() -> Finding:
    """Whether the next `make run` needs the network."""
    stamp, fetched = (PROJECT / ".venv" / "copytaster.stamp").exists(), jar_folder().is_dir()
    lacking = [name for name, there in (("packages", stamp), ("jars", fetched)) if not there]
    if lacking:
        return Finding(
            "without network",
            True,
            f"not yet: {' and '.join(lacking)} are fetched first",
            "make run once",
            needed=False,
        )
    return Finding("without network", True, "the next make run needs none")
