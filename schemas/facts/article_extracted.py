"""A page was read: one version of one article."""

from schemas.articles import Article, Sketch
from schemas.base import Fact


class ArticleExtracted(Fact):
    """Headline, text and all that the page says of itself; `sketch` and `article.names` serve deduplication."""

    article: Article
    sketch: Sketch
