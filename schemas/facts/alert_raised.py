"""A person is to be told."""

from schemas.alerts import Alert
from schemas.base import Fact


class AlertRaised(Fact):
    """One alert, words and all; `id` is the alert's id and revision's."""

    alert: Alert
