"""Where things lie on this machine: the project's folder, and the ignored folder for what running leaves behind."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
DEPLOY = PROJECT / "deploy"


def state_folder() -> Path:
    """Return the folder for broker data, jars, logs and running state: COPYTASTER_HOME, else `.copytaster` in the project."""
    return Path(os.environ.get("COPYTASTER_HOME") or PROJECT / ".copytaster")
