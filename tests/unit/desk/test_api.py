"""The desk's JSON is what its OpenAPI document says, whatever it is asked."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import one_of
from schemathesis import Case, GenerationMode

from schemas.articles import Article
from schemas.base import Fact, Position
from services.desk import store
from services.desk.context import Context, build_id, environment
from services.desk.fold import fold
from services.desk.live import Hub
from services.desk.pages import application
from services.desk.people.accounts import Accounts
from services.desk.people.doors import Doors
from services.desk.rulebook import rule_problems, rule_templates
from services.desk.settings import DeskSettings
from tests.browser import said

EXAMPLES = int(os.environ.get("COPYTASTER_API_EXAMPLES", "10"))


class Nowhere:
    """Neither a log to write to nor texts to read."""

    def say(self, topic: str, key: str, fact: Fact) -> None:
        raise TimeoutError("there is no log here")

    def read(self, partition: int, offset: int) -> Article | None:
        return None


def asked_desk(folder: Path) -> Context:
    """A desk over a few facts."""
    chosen = DeskSettings(file=folder / "desk.sqlite", accounts=folder / "accounts.sqlite")
    db = store.prepare(chosen.file)
    with store.one_write(db):
        for fact in (
            *said.told("Lake front", urgent=True),
            *said.told("EU on Karst", family="sanctions", status="imposed"),
        ):
            fold(db, fact, Position(topic="t", partition=0, offset=0))
    db.close()
    return Context(
        settings=chosen, hub=Hub("test"), writer=Nowhere(), now=lambda: datetime.now(UTC), pages=environment(), build=build_id(),
        rule_checker=rule_problems, rule_templates=rule_templates(), texts=Nowhere(), doors=Doors(chosen, Accounts(chosen.accounts)),
    )  # fmt: skip


def test_every_answer_is_one_that_the_document_promises(tmp_path: Path) -> None:
    app = application(asked_desk(tmp_path))
    api = schemathesis.openapi.from_dict(app.openapi())
    asked: list[str] = []
    for result in api.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=True,
        )
        @given(case=one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
        def ask(case: Case) -> None:
            case.call_and_validate(app=app, headers={"host": "127.0.0.1"})

        ask()
        asked.append(operation.label)
    assert sorted(asked) == ["GET /api/alerts", "GET /api/deadlines", "GET /api/dossiers/{dossier}", "GET /api/queue"]
