"""A message ended without an output, for a named reason: for `trace` and "why not?"."""

from schemas.base import Fact, Time


class MessageSuppressed(Fact):
    """One suppression. `outcome` is a name of `schemas.outcomes`."""

    service: str
    outcome: str
    about: str = ""
    url: str = ""
    detail: str = ""
    at: Time
