"""An article was tagged: who, where, and whether anything happened."""

from pydantic import Field

from schemas.articles import Head
from schemas.base import Fact
from schemas.entities import Entity


class ArticleTagged(Fact):
    """The head of the article with its entities. `entities_sought` is false where the gate stopped it."""

    head: Head
    entities_sought: bool
    entities: tuple[Entity, ...] = ()
    names: tuple[str, ...] = ()
    families: tuple[str, ...] = Field(default=(), description="families that an editor of them would be told of")
    assertions: int = Field(default=0, ge=0)
    gate: str = Field(description="which words of the gate let it through, or `stopped`, or why it was not read")
