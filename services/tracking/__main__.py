"""Starts tracking."""

from services.tracking.settings import Settings
from services.tracking.shell import run

if __name__ == "__main__":
    run(Settings())
