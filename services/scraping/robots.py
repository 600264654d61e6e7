"""What a robots.txt allows, within caps that a hostile file cannot stretch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_FILE = 500 * 1024
MAX_LINE = 2_000
MAX_STARS = 8
"""Wildcards of one rule: 500 of them against a long address took 90 s."""
MAX_URL = 2_000
PRODUCT = "copytaster"
_TOKEN = re.compile(r"[A-Za-z_-]+")
_FIELD = re.compile(r"^\s*([A-Za-z-]+)\s*:\s*([^#]*)")


@dataclass(frozen=True)
class Robots:
    """One robots.txt, cut to the caps."""

    text: str = ""
    nothing_allowed: bool = False

    def allows(self, url: str, user_agent: str = PRODUCT) -> bool:
        """Whether this product token may fetch the address, which is percent-encoded; one too long to be matched may not where there are rules."""
        if self.nothing_allowed:
            return False
        if not self.text.strip():
            return True
        return len(url) <= MAX_URL and _matches(self.text, user_agent, url)

    def crawl_delay(self, user_agent: str = PRODUCT) -> float | None:
        """The pause in seconds that it asks of this user agent, else of all; None if it asks none."""
        delays = _delays(self.text)
        return delays.get(product(user_agent).lower(), delays.get("*"))


def robots_of(raw: bytes) -> Robots:
    """The file in these bytes; lines too long and rules with too many wildcards are left out."""
    text = raw[:MAX_FILE].decode("utf-8", "replace").removeprefix("\ufeff")
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if len(line) <= MAX_LINE and line.count("*") <= MAX_STARS]
    return Robots("\n".join(lines))


def after(status: int | None, raw: bytes) -> Robots:
    """What an answer for robots.txt means (RFC 9309): 4xx allows everything, a server in trouble or silent nothing for now."""
    if status is not None and 200 <= status < 300:
        return robots_of(raw)
    return Robots(nothing_allowed=status is None or status >= 500 or status == 429)


def robots_address(url: str) -> str:
    """Where the robots.txt of this address is."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def product(user_agent: str) -> str:
    """The product token of a user agent: rules are matched by it, not by the whole."""
    found = _TOKEN.match(user_agent.strip())
    return found[0] if found else user_agent


def _matches(text: str, agent: str, url: str) -> bool:
    try:
        from jwm.robotstxt.googlebot import RobotsMatcher
    except ImportError:  # no wheel for this Python or processor
        from protego import Protego

        return bool(Protego.parse(text).can_fetch(url, agent))
    return bool(RobotsMatcher().OneAgentAllowedByRobots(text, agent, url))


def _delays(text: str) -> dict[str, float]:
    """The first crawl-delay of each group, by user agent in lower case."""
    found: dict[str, float] = {}
    agents: list[str] = []
    naming = False
    for name, value in (match.groups() for line in text.splitlines() if (match := _FIELD.match(line))):
        field = name.lower()
        if field == "user-agent":
            agents = [*agents, value.strip().lower()] if naming else [value.strip().lower()]
        elif field == "crawl-delay" and (delay := _number(value)) is not None:
            for agent in agents:
                found.setdefault(agent if agent == "*" else product(agent), delay)
        naming = field == "user-agent"
    return found


def _number(value: str) -> float | None:
    try:
        number = float(value.strip())
    except ValueError:
        return None
    return number if 0 <= number < 86_400 else None
