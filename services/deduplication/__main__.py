"""Starts deduplication."""

from services.deduplication.settings import Settings
from services.deduplication.shell import run

if __name__ == "__main__":
    run(Settings())
