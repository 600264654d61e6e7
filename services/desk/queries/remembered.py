"""The kept steps as rules are asked about them: read once, because every back-test asks about the same ones."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterator
from datetime import datetime

from schemas.articles import Head
from schemas.entities import Entity
from schemas.steps import Step
from services.desk.backtest import Kept

MOST = 10_000


class KeptSteps:
    """The newest steps of the kinds that are told, at most 10,000; a step never changes, so what was read is kept."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Kept]] = {}
        self._lock = threading.Lock()

    def since(self, db: sqlite3.Connection, since: datetime, families: Collection[str] = ()) -> Iterator[Kept]:
        """Those since then, newest first, each with its article; of these families (none: of all)."""
        with self._lock:
            known = self._read(db, since)
        return (kept for family, kept in known if not families or family in families)

    def _read(self, db: sqlite3.Connection, since: datetime) -> list[tuple[str, Kept]]:
        newest = [
            row["id"]
            for row in db.execute(
                "select id from steps where told and at >= ? order by seq desc limit ?", (since.isoformat(), MOST)
            )
        ]
        before = self._known
        self._known = {each: before.get(each) or _kept(db, each) for each in newest}
        return list(self._known.values())


def _kept(db: sqlite3.Connection, step: str) -> tuple[str, Kept]:
    row = db.execute(
        "select s.body, s.at, r.head, r.entities from steps s left join reports r on r.version = s.version where s.id = ?",
        (step,),
    ).fetchone()
    kept = Kept(
        step=Step.model_validate_json(row["body"]),
        head=Head.model_validate_json(row["head"]) if row["head"] else None,
        entities=tuple(map(Entity.model_validate, json.loads(row["entities"] or "[]"))),
        at=datetime.fromisoformat(row["at"]),
    )
    return kept.step.family, kept
