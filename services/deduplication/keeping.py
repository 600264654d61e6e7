"""The wordings on disk: a cache in SQLite over `articles-extracted`, which is read where the cache has nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import structlog

from schemas.facts import ArticleExtracted
from schemas.sketching import Reading, reading_of
from services.deduplication.wordings import packed, unpacked

TOGETHER = 64
"""Readings written in one transaction: what a kill loses is read from the log again."""

Extracted = Callable[[int], ArticleExtracted]
"""The fact at an offset of `articles-extracted`. Raises `Retry` while the log is away and `Reject` when it is no longer there."""

_TABLE = "CREATE TABLE IF NOT EXISTS readings (place INTEGER PRIMARY KEY, version BLOB NOT NULL, body BLOB NOT NULL)"
log = structlog.get_logger("deduplication")


class WordingsOnDisk:
    """Readings by their offset. A file that is broken, or of another log, is as good as none: every entry names its version."""

    def __init__(self, file: Path, extracted: Extracted) -> None:
        self._file = file
        self._extracted = extracted
        self._base = _opened(file)
        self._waiting = 0

    def keep(self, offset: int, version: UUID, reading: Reading) -> None:
        """Make this reading quick to get."""
        if not self._waiting:
            self._base.execute("BEGIN")
        self._base.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", (offset, version.bytes, packed(reading)))
        self._waiting += 1
        if self._waiting >= TOGETHER:
            self.settle()

    def read(self, offset: int, version: UUID) -> Reading:
        """The reading of the version at this offset: from the file, else from the log. Raises `Retry` and `Reject`."""
        query = "SELECT body FROM readings WHERE place = ? AND version = ?"
        row = self._base.execute(query, (offset, version.bytes)).fetchone()
        if row is not None:
            try:
                return unpacked(row[0])
            except ValueError as other_form:
                log.info("reading is made anew", offset=offset, why=str(other_form))
        article = self._extracted(offset).article
        reading = reading_of(article.headline, article.text)
        self.keep(offset, version, reading)
        return reading

    def forget(self, before: int) -> None:
        """Let go of the readings below this offset."""
        self.settle()
        self._base.execute("DELETE FROM readings WHERE place < ?", (before,))

    def settle(self) -> None:
        """Write what waits to be written."""
        if self._waiting:
            self._base.execute("COMMIT")
            self._waiting = 0

    def close(self) -> None:
        """Write what waits and let go of the file."""
        self.settle()
        self._base.close()


def _opened(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connected(file)
    except sqlite3.DatabaseError as broken:
        log.warning("the wordings on disk are broken and are read from the log again", file=str(file), why=str(broken))
        for ending in ("", "-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        return _connected(file)


def _connected(file: Path) -> sqlite3.Connection:
    base = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    try:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=OFF")
        base.execute(_TABLE)
    except sqlite3.DatabaseError:
        base.close()
        raise
    return base
