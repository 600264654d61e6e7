"""A minute passed: time is a fact in the log."""

from schemas.base import Fact, Time


class MinutePassed(Fact):
    """The minute that begins at `minute`. Its id is derived from it, so that two clocks say the same thing."""

    minute: Time
