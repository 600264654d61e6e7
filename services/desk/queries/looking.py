"""What the pages ask across dossiers: a search, what changed since a shift began, and terms."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from schemas.alerts import Alert
from services.desk.deadlines import Term

Db = sqlite3.Connection
BEGINNING, END = datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def search(db: Db, words: str, limit: int = 50) -> tuple[list[str], list[sqlite3.Row]]:
    """The dossiers in whose name, headlines or sentences the words stand, newest first; and other articles with them in the headline."""
    like = "%" + "%".join(_literally(word) for word in words.split()[:10]) + "%"
    dossiers = db.execute(
        "select d.id, max(s.seq) as newest from dossiers d join steps s on s.dossier = d.id left join heads h on h.version = s.version"
        " where d.id not in (select dossier from merged) and (d.title like ? escape '!' or h.headline like ? escape '!'"
        " or h.outlet like ? escape '!' or json_extract(s.body, '$.assertion.evidence') like ? escape '!')"
        " group by d.id order by newest desc limit ?",
        (like, like, like, like, limit),
    )
    articles = db.execute(
        "select url, headline, outlet, max(fetched) as fetched from heads where headline like ? escape '!'"
        " and version not in (select version from steps) group by url order by fetched desc limit ?",
        (like, limit),
    )
    return [row["id"] for row in dossiers], list(articles)


def _literally(word: str) -> str:
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return word


def entries_since(db: Db, since: datetime, limit: int = 200) -> list[str]:
    """The dossiers that did something that was told since then, newest first."""
    rows = db.execute(
        "select dossier from entries where at > ? and dossier not in (select dossier from merged) order by at desc limit ?",
        (since.isoformat(), limit),
    )
    return [row["dossier"] for row in rows]


def terms(db: Db, since: datetime = BEGINNING, until: datetime = END) -> list[Term]:
    """Every term that stands, of dossiers that are not part of another; those by whose first day it is between these days."""
    rows = db.execute(
        "select t.*, d.title, d.family, s.status, s.at as step_at from terms t join dossiers d on d.id = t.dossier"
        " join steps s on s.id = t.step where t.at between ? and ? and t.dossier not in (select dossier from merged)",
        (f"{since:%Y-%m-%d}", f"{until:%Y-%m-%d}~"),
    )
    return [
        Term(
            dossier=row["dossier"], title=row["title"], family=row["family"], status=row["status"], what=row["what"],
            iso=row["at"], precise=row["precise"], said=row["said"], step_at=datetime.fromisoformat(row["step_at"]),
        )
        for row in rows
    ]  # fmt: skip


def alerts_of_rule(db: Db, person: str, rule: str, limit: int = 50) -> list[Alert]:
    """The latest alerts that a rule brought, newest first."""
    rows = db.execute(
        "select a.body from alerts a where a.person = ? and exists (select 1 from json_each(a.body, '$.rules') r"
        " where json_extract(r.value, '$.rule') = ?) order by a.seq desc limit ?",
        (person, rule, limit),
    )
    return [Alert.model_validate_json(row["body"]) for row in rows]


def versions_of(db: Db, article: str) -> list[sqlite3.Row]:
    """The versions of an article that have a place in the log, oldest first."""
    return list(
        db.execute(
            "select t.*, h.headline, h.outlet, h.url, h.decision from texts t left join heads h on h.version = t.version"
            " where t.article = ? order by t.at",
            (article,),
        )
    )


def place_of_text(db: Db, version: str) -> tuple[int, int] | None:
    """Partition and offset of the text of a version, None where none is known."""
    row = db.execute("select part, offset from texts where version = ?", (version,)).fetchone()
    return (row["part"], row["offset"]) if row else None


def others_of_family(db: Db, dossier: str, family: str, limit: int = 60) -> list[sqlite3.Row]:
    """Dossiers with which this one could be one, newest first."""
    return list(
        db.execute(
            "select id, title from dossiers where family = ? and id != ? and id not in (select dossier from merged)"
            " order by last_seq desc limit ?",
            (family, dossier, limit),
        )
    )


def channels(db: Db) -> list[sqlite3.Row]:
    """Every person's channels as the delivery log knows them."""
    return list(db.execute("select distinct person, channel from deliveries order by person, channel limit 500"))


def read_per_source(db: Db, since: datetime) -> dict[str, int]:
    """How many articles each source brought since then."""
    rows = db.execute(
        "select source, count(*) as n from heads where fetched >= ? group by source", (since.isoformat(),)
    )
    return {row["source"]: row["n"] for row in rows}


def misses(db: Db, limit: int = 20) -> list[sqlite3.Row]:
    """What people found wrong or missing, newest first."""
    return list(db.execute("select * from feedback order by at desc limit ?", (limit,)))
