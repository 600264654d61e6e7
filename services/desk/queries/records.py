"""What the pages ask of the read model beside the queue: alerts, sources, rules, deliveries, and where an address went."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from schemas.alerts import Alert
from schemas.facts import PollRecorded
from schemas.sources import Source
from services.desk.whole import SourceState, trouble

Db = sqlite3.Connection


def alerts(db: Db, limit: int = 200, person: str | None = None) -> list[Alert]:
    """The latest alerts, newest first."""
    rows = db.execute(
        "select body from alerts where ? is null or person = ? order by seq desc limit ?", (person, person, limit)
    )
    return [Alert.model_validate_json(row["body"]) for row in rows]


def sources(db: Db, now: datetime) -> list[SourceState]:
    """Every source that is not removed, with what its last poll said."""
    polls = {row["source"]: row["body"] for row in db.execute("select * from polls")}
    states = []
    for row in db.execute("select body from sources order by source"):
        source = Source.model_validate_json(row["body"])
        if not source.removed:
            poll = _poll(polls.get(source.source))
            states.append(SourceState(source, poll, trouble(source, poll, now)))
    return states


def _poll(body: str | None) -> PollRecorded | None:
    if body is None:
        return None
    return PollRecorded.model_validate(json.loads(body) | {"meta": {"trace": "0", "root_at": "1970-01-01T00:00:00Z"}})


def articles_read(db: Db, since: datetime) -> int:
    """How many articles were read since then."""
    return int(db.execute("select count(*) from heads where fetched >= ?", (since.isoformat(),)).fetchone()[0])


def rules(db: Db) -> list[sqlite3.Row]:
    """The newest version of every rule that is not removed."""
    return list(
        db.execute(
            "select r.* from rules r join (select person, rule, max(version) as v from rules group by person, rule) l"
            " on l.person = r.person and l.rule = r.rule and l.v = r.version where not r.removed order by r.person, r.rule"
        )
    )


def rule_versions(db: Db, person: str, rule: str) -> list[sqlite3.Row]:
    """All versions of one rule, newest first."""
    return list(db.execute("select * from rules where person = ? and rule = ? order by version desc", (person, rule)))


def deliveries(db: Db, limit: int = 300) -> list[sqlite3.Row]:
    """The delivery log, newest first."""
    return list(
        db.execute(
            "select d.*, a.body from deliveries d left join alerts a on a.id = d.alert and a.revision = d.revision"
            " order by d.seq desc limit ?",
            (limit,),
        )
    )


def not_delivered(db: Db, limit: int = 100) -> list[sqlite3.Row]:
    """What has not reached somebody: of each alert, person and channel the last try, where it is not `sent`; newest first."""
    return list(
        db.execute(
            "select d.*, a.body from deliveries d join (select max(seq) as seq from deliveries group by alert, person, channel) l"
            " on l.seq = d.seq left join alerts a on a.id = d.alert and a.revision = d.revision"
            " where d.state in ('failed', 'parked', 'given_up') order by d.seq desc limit ?",
            (limit,),
        )
    )


def addresses_in_text(db: Db, text: str, limit: int = 20) -> list[str]:
    """The addresses of articles whose headline, or a sentence that told a step, stands in a text; newest first."""
    rows = db.execute(
        "select url, max(fetched) as at from (select h.url, h.fetched from heads h where length(h.headline) > 11"
        " and instr(lower(?), lower(h.headline)) union select h.url, h.fetched from steps s join heads h on h.version = s.version"
        " where instr(?, json_extract(s.body, '$.assertion.evidence'))) group by url order by at desc limit ?",
        (text, text, limit),
    )
    return [row["url"] for row in rows]


def minute(db: Db) -> datetime | None:
    """The last minute that the clock told, None before the first."""
    row = db.execute("select value from facts where name = 'minute'").fetchone()
    return datetime.fromisoformat(row["value"]) if row else None


def sending_paused(db: Db) -> sqlite3.Row | None:
    """The act that paused all sending, None while sending goes on."""
    row: sqlite3.Row | None = db.execute(
        "select * from sending where kind in ('pause', 'resume') and person is null order by seq desc limit 1"
    ).fetchone()
    return row if row and row["kind"] == "pause" else None


def story_of_url(db: Db, url: str) -> dict[str, list[Any]]:
    """Where an address went: its heads, suppressions, steps and asides, for "why not?"."""
    heads = list(db.execute("select * from heads where url = ? order by fetched", (url,)))
    versions = [row["version"] for row in heads]
    marks = ",".join("?" * len(versions))
    return {
        "heads": heads,
        "suppressions": list(db.execute("select * from suppressions where url = ? order by at", (url,))),
        "steps": list(db.execute(f"select * from steps where version in ({marks}) order by seq", versions)),  # noqa: S608 - marks only
        "asides": list(db.execute(f"select * from asides where version in ({marks})", versions)),  # noqa: S608
        "untold": list(
            db.execute(
                f"select u.* from untold u join steps s on s.id = u.step where s.version in ({marks})",  # noqa: S608
                versions,
            )
        ),
        "told": list(
            db.execute(f"select t.* from told t join steps s on s.id = t.step where s.version in ({marks})", versions)  # noqa: S608
        ),
    }
