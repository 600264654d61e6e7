"""What the routes share: the read model, the hub, the writer, the clock and the templates."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson
import yaml
from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from schemas.articles import Article
from schemas.base import Fact
from schemas.outcomes import Outcome
from services.desk import queries, store, views
from services.desk.house import HouseStyle
from services.desk.live import Hub
from services.desk.people.doors import Doors, Identity
from services.desk.queries.remembered import KeptSteps
from services.desk.saying import CHECKS, MUTES, WRONG
from services.desk.settings import DeskSettings
from services.desk.whole import whole_in_words
from services.desk.wire import wire_copy

PLAIN = HouseStyle()
NOBODY = "nobody"
HERE = Path(__file__).parent
LANGUAGE_NAMES: dict[str, str] = {str(code): str(name) for code, name in Locale("en").languages.items()}
COUNTRY_NAMES: dict[str, str] = {str(code): str(name) for code, name in Locale("en").territories.items()}


class Writer(Protocol):
    """Writes what people say and returns when this desk has read it back."""

    def say(self, topic: str, key: str, fact: Fact) -> None:
        """Write one fact. Raises `TimeoutError` when the log does not take it or give it back in time."""
        ...


class Texts(Protocol):
    """Reads the text of an article where it stands in the log."""

    def read(self, partition: int, offset: int) -> Article | None:
        """The article there; None where the log keeps it no longer. Raises `TimeoutError` when the log does not answer."""
        ...


@dataclass
class Context:
    """Everything that a route needs."""

    settings: DeskSettings
    hub: Hub
    writer: Writer
    now: Callable[[], datetime]
    pages: Environment
    build: str
    rule_checker: Callable[[dict[str, Any]], list[str]]
    rule_templates: dict[str, str]
    texts: Texts
    doors: Doors
    waits: Callable[[], dict[str, float]] = dict
    kept: KeptSteps = field(default_factory=KeptSteps)
    style: HouseStyle = field(default_factory=HouseStyle)

    @contextmanager
    def db(self) -> Iterator[sqlite3.Connection]:
        """A reader's connection."""
        with closing(store.connect(self.settings.file)) as connection:
            yield connection


def environment(style: HouseStyle = PLAIN) -> Environment:
    """The templates: everything is escaped, and an unknown name is an error; `house` writes names as the house does."""
    pages = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals |= {"CHECKS": CHECKS, "WRONG": WRONG, "MUTES": MUTES}
    pages.filters |= {
        "age": views.age,
        "sum_of_bar": lambda bar: bar[1] + bar[2],
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "language": lambda code: LANGUAGE_NAMES.get(code.split("-")[0], code),
        "clock": views.clock,
        "gap": lambda gap: views.seconds_in_words(max(gap, timedelta(0))),
        "mark_of": lambda step: views.mark_of(step.family, step.status),
        "chronicle": views.chronicle_line,
        "origins": views.origins_in_words,
        "outcome": lambda name: Outcome(name).sentence if name in set(Outcome) else name,
        "yaml": lambda text: yaml.safe_dump(orjson.loads(text), sort_keys=False, allow_unicode=True),
        "first_line": lambda body: orjson.loads(body)["words"]["first_line"] if body else "",
        "web": web_address,
        "house": style.of,
        "wire": lambda alert: wire_copy(alert, style),
    }
    return pages


def web_address(url: str) -> str:
    """The address if a click may open it, else `#`: only http and https are opened."""
    return url if urlsplit(url).scheme in ("http", "https") else "#"


def build_id() -> str:
    """A short name of the pages' code: it changes when a template or a static file does."""
    digest = hashlib.sha256()
    for path in sorted([*(HERE / "templates").iterdir(), *(HERE / "static").iterdir()]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def head_of_page(context: Context, db: sqlite3.Connection, who: Identity, theme: str, here: str) -> dict[str, Any]:
    """What the frame of every page shows."""
    now = context.now()
    states = queries.sources(db, now)
    troubles = [f"{state.source.outlet or state.source.source} {state.trouble}" for state in states if state.trouble]
    return {
        "now": now,
        "person": who.person,
        "theme": theme if theme in ("light", "dark") else "",
        "here": here,
        "build": context.build,
        "live": context.hub.now(),
        "open_to_all": who.open_desk,
        "role": who.role,
        "known": who.person != NOBODY,
        "key": "" if who.open_desk or who.person == NOBODY else context.doors.key_of(who.person),
        "paused": queries.sending_paused(db),
        "blind": [trouble for trouble in troubles if not trouble.endswith("paused")],
        "read": queries.articles_read(db, now - timedelta(hours=1)),
        "whole": whole_in_words(states, queries.minute(db), now, context.waits()),
        "sources_known": len(states),
        "heard": sum(not state.trouble for state in states),
    }
