"""A desk without a broker: facts come by standard input, one a line, and are folded as the follower folds them.

Lines that begin with `!` are orders: `!reset` empties the read model, `!slow 3` makes every act wait three seconds.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from pathlib import Path

import uvicorn

from runtime.clock import now
from schemas.articles import Article
from schemas.base import Fact, Position
from schemas.codec import decode
from schemas.facts import ArticleDeduplicated
from services.desk import store
from services.desk.context import Context, build_id, environment
from services.desk.fold import fold
from services.desk.live import Hub
from services.desk.pages import application
from services.desk.people.accounts import Accounts
from services.desk.people.doors import Doors
from services.desk.rulebook import rule_problems, rule_templates
from services.desk.settings import DeskSettings


class Folding:
    """The follower's and the writer's part in one: what is said is folded at once."""

    def __init__(self, db: sqlite3.Connection, hub: Hub) -> None:
        self._db, self._hub = db, hub
        self._lock = threading.Lock()
        self._count = 0
        self.slow = 0.0
        self.texts: dict[int, Article] = {}

    def put(self, fact: Fact) -> None:
        """Fold one fact and tell the pages."""
        with self._lock:
            self._count += 1
            with store.one_write(self._db):
                touched = fold(self._db, fact, Position(topic="fed", partition=0, offset=self._count))
            if isinstance(fact, ArticleDeduplicated):
                self.texts[self._count] = fact.article
        self._hub.tell_from_thread(touched)

    def read(self, partition: int, offset: int) -> Article | None:
        """The text that came with that fact."""
        return self.texts.get(offset)

    def say(self, topic: str, key: str, fact: Fact) -> None:
        """What a person did, as slowly as ordered."""
        threading.Event().wait(self.slow)
        self.put(fact)

    def order(self, words: list[str]) -> None:
        """`reset` or `slow N`."""
        if words[0] == "slow":
            self.slow = float(words[1])
            return
        self.slow = 0.0
        with self._lock, store.one_write(self._db):
            for (table,) in self._db.execute("select name from sqlite_master where type = 'table'").fetchall():
                self._db.execute(f'delete from "{table}"')


def listen(folding: Folding) -> None:
    """Take facts and orders until the test ends. What goes wrong is the answer, so that the test hears of it and does not wait."""
    for line in sys.stdin:
        print(_answer(folding, line), flush=True)


def _answer(folding: Folding, line: str) -> str:
    try:
        if line.startswith("!"):
            folding.order(line[1:].split())
        else:
            folding.put(decode(line.encode()))
    except (sqlite3.Error, ValueError) as error:
        return f"{type(error).__name__}: {error}".replace("\n", " ")
    return "ok"


def main(file: str, port: str) -> None:
    """Serve the desk over a file on a port of loopback."""
    hub = Hub(f"r{threading.get_native_id()}")
    db = store.prepare(Path(file))
    folding = Folding(db, hub)
    settings = DeskSettings(file=Path(file), port=int(port), accounts=Path(file).with_name("accounts.sqlite"))
    app = application(
        Context(
            settings=settings,
            doors=Doors(settings, Accounts(settings.accounts)),
            hub=hub,
            writer=folding,
            now=now,
            pages=environment(),
            build=build_id(),
            texts=folding,
            rule_checker=rule_problems,
            rule_templates=rule_templates() or {"any-ceasefire-advances": "family: ceasefire\nkind: advances\n"},
        )
    )
    app.router.on_startup.append(hub.attach)
    threading.Thread(target=listen, args=(folding,), daemon=True).start()
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
