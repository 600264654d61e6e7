"""An article version was recognised: original, copy or revision, with its origin and story."""

from schemas.articles import Article, Copying
from schemas.base import Fact


class ArticleDeduplicated(Fact):
    """The article whole, and what deduplication decided."""

    article: Article
    copying: Copying
