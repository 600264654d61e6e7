"""The read model's file: SQLite in WAL, one writer, its version inside it. Another version is built anew beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VERSION = 3

TABLES = """
create table if not exists places (topic text, part integer, next integer not null, primary key (topic, part));
create table if not exists heads (
  version text primary key, article text, url text, headline text, outlet text, source text, tier integer, language text,
  published text, fetched text, story text, origin text, decision text, "of" text, copy_reason text, gate text, families text,
  entities text, topic text, part integer, offset integer);
create index if not exists heads_url on heads (url);
create index if not exists heads_fetched on heads (fetched);
create index if not exists heads_story on heads (story);
create table if not exists suppressions (
  id text primary key, service text, outcome text, about text, url text, detail text, at text);
create index if not exists suppressions_url on suppressions (url);
create table if not exists dossiers (
  id text primary key, family text, title text, opened text, roles text, last_step text, last_seq integer, held_back integer);
create table if not exists steps (
  id text primary key, seq integer, dossier text, version text, at text, kind text, status text, reality text, polarity text, "of" text,
  told integer, body text);
create index if not exists steps_dossier on steps (dossier, seq);
create index if not exists steps_version on steps (version);
create index if not exists steps_at on steps (told, at);
create table if not exists reports (version text primary key, head text, entities text);
create table if not exists asides (version text, assertion text, dossier text, reason text, primary key (version, assertion));
create table if not exists alerts (
  id text, revision integer, seq integer, person text, dossier text, conversation text, at text, urgent integer, family text,
  step text, kind text, replaces text, body text, primary key (id, revision));
create index if not exists alerts_dossier on alerts (dossier, seq);
create index if not exists alerts_seq on alerts (seq);
create index if not exists alerts_step on alerts (step);
create table if not exists entries (
  dossier text primary key, alert text, revision integer, place integer, at text, urgent integer, family text, step text);
create table if not exists texts (version text primary key, article text, at text, part integer, offset integer);
create index if not exists texts_article on texts (article, at);
create table if not exists merged (dossier text primary key, into_ text, act text);
create table if not exists terms (dossier text, what text, at text, precise text, said text, step text, primary key (dossier, what));
create index if not exists terms_at on terms (at);
create table if not exists told (step text, person text, alert text, primary key (step, person));
create table if not exists untold (step text, person text, rule text, reason text, primary key (step, person, rule));
create table if not exists rules (
  person text, rule text, version integer, title text, document text, saved_by text, at text, in_force text, removed integer,
  primary key (person, rule, version));
create table if not exists acts (
  id text primary key, seq integer, kind text, person text, at text, dossier text, alert text, undoes text, body text);
create index if not exists acts_dossier on acts (dossier, seq);
create index if not exists acts_alert on acts (kind, alert);
create table if not exists deliveries (
  id text primary key, seq integer, alert text, revision integer, person text, channel text, state text, attempt integer, at text,
  seconds real, answer text);
create index if not exists deliveries_alert on deliveries (alert);
create table if not exists sources (source text primary key, body text);
create table if not exists polls (source text primary key, body text);
create table if not exists sending (id text primary key, seq integer, kind text, person text, channel text, by text, at text, reason text);
create table if not exists feedback (id text primary key, person text, at text, kind text, alert text, url text, note text);
create table if not exists facts (name text primary key, value text);
"""


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection to the file; rows by name. Readers and the one writer each have their own."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    connection.row_factory = sqlite3.Row
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=normal")
    return connection


def prepare(path: Path) -> sqlite3.Connection:
    """The writer's connection to a file of this version. A file of another version is set aside, and a new one begun."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = connect(path)
    found = connection.execute("pragma user_version").fetchone()[0]
    if found not in (0, VERSION):
        connection.close()
        set_aside(path)
        connection = connect(path)
    connection.executescript(TABLES)
    connection.execute(f"pragma user_version={VERSION}")
    return connection


def set_aside(path: Path) -> None:
    """Move the file and its companions out of the way: the log rebuilds it."""
    for suffix in ("", "-wal", "-shm"):
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.replace(path.with_name(f"{path.name}.old{suffix}"))


@contextmanager
def one_write(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing: facts and the places they were read at are kept together."""
    connection.execute("begin immediate")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def places(connection: sqlite3.Connection) -> dict[tuple[str, int], int]:
    """The next offset to read, by topic and partition."""
    return {(row["topic"], row["part"]): row["next"] for row in connection.execute("select * from places")}


def keep_place(connection: sqlite3.Connection, topic: str, partition: int, following: int) -> None:
    """Remember that everything before `following` has been folded."""
    connection.execute("insert or replace into places values (?, ?, ?)", (topic, partition, following))
