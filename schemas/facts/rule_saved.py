"""A subscriber saved a rule: it is in force from its place in the inbox."""

from schemas.base import Fact, Time
from schemas.rules import Rule


class RuleSaved(Fact):
    """One version of a rule, by whom and when."""

    rule: Rule
    by: str
    at: Time
