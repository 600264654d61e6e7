"""Runs tracking on the log: one order, one active process, its state the fold of its own steps."""

from runtime import stream
from services.tracking.deciding import Tracking
from services.tracking.settings import Settings


def run(settings: Settings) -> None:
    """Track until told to stop."""
    stream.run(Tracking(), settings)
