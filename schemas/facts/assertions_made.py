"""What one version of one article asserts: also when that is nothing and it asserted something before."""

from pydantic import Field

from schemas.articles import Head
from schemas.assertions import Assertion
from schemas.base import Fact
from schemas.entities import Entity


class AssertionsMade(Fact):
    """All that one version says. For a revision it is sent even when empty, so that a lost claim is seen."""

    head: Head
    assertions: tuple[Assertion, ...] = ()
    entities: tuple[Entity, ...] = ()
    states_a_correction: bool = Field(default=False, description="the text itself says that it corrects or withdraws")
    embargoed_until: str | None = Field(default=None, description="ISO 8601; told only from then on")
    detector: str = "1"
