"""A person did something at the desk or by command."""

from schemas.acts import Act
from schemas.base import Fact


class ActTaken(Fact):
    """One act, in the inbox that it concerns."""

    act: Act
