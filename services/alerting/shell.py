"""Runs alerting on the log: one order, one active process, its state the fold of its own decisions."""

import gc

from runtime import stream
from schemas.families import families
from services.alerting.deciding import Alerting
from services.alerting.settings import Settings

MANY_OBJECTS = (100_000, 50, 100)
"""Rules and what people were told live for months; the collector's own thresholds walk over all of them while one step is decided for many
(ten thousand persons: 2.8 s of CPU, of which it took 1.8)."""


def run(settings: Settings) -> None:
    """Alert until told to stop."""
    gc.set_threshold(*MANY_OBJECTS)
    families()  # read before the first message, which has a deadline
    stream.run(Alerting(), settings)
