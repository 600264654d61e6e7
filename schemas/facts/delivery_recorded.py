"""How one alert fared on one channel: what the delivery log shows."""

from uuid import UUID

from schemas.base import Fact, Time
from schemas.facts.delivery_attempted import AttemptState


class DeliveryRecorded(Fact):
    """One finished attempt. `seconds` is from the root's time to this, as the wall clock says."""

    alert: UUID
    revision: int
    person: str
    conversation: UUID
    channel: str
    state: AttemptState
    attempt: int
    at: Time
    seconds: float
    answer: str = ""
    possible_repeat: bool = False
