"""Starts the clock."""

from services.clock.settings import Settings
from services.clock.shell import run

if __name__ == "__main__":
    run(Settings())
