"""Runs alerting on the log: one order, one active process, its state the fold of its own decisions."""

from runtime import stream
from services.alerting.deciding import Alerting
from services.alerting.settings import Settings


def run(settings: Settings) -> None:
    """Alert until told to stop."""
    stream.run(Alerting(), settings)
