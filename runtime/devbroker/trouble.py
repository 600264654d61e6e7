"""What the development broker says when it cannot go on."""


class BrokerTrouble(RuntimeError):  # noqa: N818 - it is told to a person as it stands
    """The development broker cannot be had; the message names what was found, what is wanted and the cure."""
