"""Starts tagging."""

from services.tagging.settings import Settings
from services.tagging.shell import run

if __name__ == "__main__":
    run(Settings())
