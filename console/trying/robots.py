"""`copytaster try robots`: a robots.txt, a user agent and an address in; whether it may be fetched out."""

from __future__ import annotations

from console.trying import Answering, Line, LineRejected, Options
from services.scraping.robots import PRODUCT, robots_of

WITHOUT_MEMORY = True


def opened(options: Options) -> Answering:
    """The judgement of one address after the other."""
    return _answer


def _answer(line: Line) -> Line:
    text, url = line.get("robots_txt"), line.get("url")
    if not isinstance(text, str) or not isinstance(url, str):
        raise LineRejected("malformed")
    agent = str(line.get("user_agent") or PRODUCT)
    robots = robots_of(text.encode("utf-8", "replace"))
    return {"allowed": robots.allows(url, agent), "crawl_delay": robots.crawl_delay(agent)}
