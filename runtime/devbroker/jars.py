"""Fetch the broker's jars once, by Maven or else by jgo, and let none in whose checksum is not written in jars.sha256."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

from runtime.devbroker.trouble import BrokerTrouble
from runtime.places import DEPLOY, state_folder

POM = DEPLOY / "broker" / "pom.xml"
SUMS = DEPLOY / "broker" / "jars.sha256"
Say = Callable[[str], None]


def jar_folder() -> Path:
    """Where the jars are kept: one folder per list of checksums, so that two versions never mix."""
    root = Path(os.environ.get("COPYTASTER_JARS") or state_folder() / "jars")
    return root / _digest(SUMS)[:12]


def ready_jars(say: Say = lambda _: None) -> Path:
    """Return the folder that holds every checked jar, fetching them first if need be. Raises BrokerTrouble."""
    folder = jar_folder()
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.parent / "lock"):
        if not folder.is_dir():
            _fetch(folder, say)
    return folder


def expected_sums() -> dict[str, str]:
    """Return file name → sha256, as listed."""
    pairs = (line.split() for line in SUMS.read_text(encoding="ascii").splitlines())
    return {name.lstrip("*"): digest for digest, name in pairs}


def roots_of(pom: Path = POM) -> list[str]:
    """Return the dependencies that the pom pins, as group:artifact:version."""
    space = {"m": "http://maven.apache.org/POM/4.0.0"}
    found = ET.parse(pom).getroot().findall("./m:dependencies/m:dependency", space)  # noqa: S314 - our own file
    return [
        ":".join(one.findtext(f"m:{part}", "", space) for part in ("groupId", "artifactId", "version")) for one in found
    ]


def _fetch(folder: Path, say: Say) -> None:
    """Fetch aside, check, then move into place in one step: what stands there is complete."""
    troubles: list[str] = []
    for name, way in _ways():
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetch-") as aside:
            say(f"fetching the broker's jars with {name} (44 MB, once)")
            trouble = way(Path(aside)) or gather(Path(aside), Path(aside) / "checked", expected_sums())
            if trouble is None:
                (Path(aside) / "checked").rename(folder)
                return
        troubles.append(f"{name}: {trouble}")
    raise BrokerTrouble(
        f"the broker's jars could not be fetched ({'; '.join(troubles)}). Cure: check the network and your Maven settings "
        "(mirror, proxy) and try again, or set KAFKA_BOOTSTRAP_SERVERS to a broker of your own, or use docker-compose.yml"
    )


def gather(found_under: Path, into: Path, sums: Mapping[str, str]) -> str | None:
    """Copy the listed jars found anywhere below a folder; return what is missing or different, or None if all is well."""
    into.mkdir()
    at_hand = {path.name: path for path in found_under.rglob("*.jar")}
    if missing := sorted(sums.keys() - at_hand.keys()):
        return f"missing {', '.join(missing)}"
    if wrong := sorted(name for name, digest in sums.items() if _digest(at_hand[name]) != digest):
        return f"checksum differs from jars.sha256: {', '.join(wrong)}"
    for name in sums:
        shutil.copyfile(at_hand[name], into / name)
    return None


def _ways() -> Iterator[tuple[str, Callable[[Path], str | None]]]:
    if shutil.which("mvn"):
        yield "Maven", _by_maven
    yield "jgo", _by_jgo


def _by_maven(aside: Path) -> str | None:
    goal = "dependency:copy-dependencies"
    return _run("mvn", "-q", "-B", "-f", str(POM), goal, f"-DoutputDirectory={aside}", "-DincludeScope=runtime")


def _by_jgo(aside: Path) -> str | None:
    """One root a call: together, jgo lets the one's managed versions decide over the other's."""
    jgo = (sys.executable, "-m", "jgo", "--ignore-config", "--resolver", "python", "--quiet", "--timeout", "60")
    store = ("--links", "soft", "--cache-dir", str(aside / "links"), "--repo-cache", str(aside / "repository"))
    for root in roots_of():
        if trouble := _run(*jgo, *store, "info", "jars", root):
            return trouble
    return None


def _run(*command: str) -> str | None:
    """Run to the end; return the last line of its complaint, or None."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=600, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        return str(trouble)
    if done.returncode == 0:
        return None
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {done.returncode}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
