"""The desk as a process: the follower's thread, the pages, and what holds them together."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import structlog
import uvicorn
from fastapi import FastAPI

from runtime import metrics
from runtime.clock import now
from runtime.health import Health, serve
from runtime.logs import configure
from runtime.probe import Probe
from runtime.settings import ServiceSettings
from schemas.base import Position
from schemas.outcomes import Outcome
from services.desk.context import Context, build_id, environment
from services.desk.follow import Follower
from services.desk.house import HouseStyle, read_style
from services.desk.live import Hub
from services.desk.metrics import Watch
from services.desk.pages import application
from services.desk.pages.rules import LOOKED_BACK
from services.desk.people.accounts import Accounts
from services.desk.people.doors import Doors
from services.desk.requests import is_loopback
from services.desk.rulebook import rule_problems, rule_templates
from services.desk.settings import DeskSettings
from services.desk.store import prepare
from services.desk.writer import KafkaLog, KafkaTexts, KafkaWriter, topics_of

READ_AHEAD_SECONDS = 60.0
log: Any = structlog.get_logger("desk")


class OpenToOthers(ValueError):  # noqa: N818 - says what is wrong with the setting
    """The desk would listen beyond this machine without a sign-in."""


def refuse_open_desk(settings: DeskSettings, doors: Doors) -> None:
    """Raise `OpenToOthers` when the desk would be reachable from elsewhere and nobody has to sign in."""
    if not is_loopback(settings.host) and not settings.behind_loopback_proxy and not doors.are_shut:
        raise OpenToOthers(
            f"COPYTASTER_DESK_HOST={settings.host} is no loopback address, and nobody signs in: use 127.0.0.1, "
            "set COPYTASTER_DESK_SIGN_IN=true, or set COPYTASTER_DESK_BEHIND_LOOPBACK_PROXY=true where what stands in "
            "front listens on loopback only"
        )


def leave_first_link(settings: DeskSettings, accounts: Accounts) -> None:
    """While nobody has an account, leave a one-time link beside the accounts that makes an operator; only this user can read it."""
    path = settings.accounts.with_name("desk-sign-in-link")
    path.unlink(missing_ok=True)
    if accounts.any():
        return
    path.touch(mode=0o600)
    token = accounts.invite("", "operator", "the first start", now())
    path.write_text(f"http://127.0.0.1:{settings.port}/enter?token={token}\n", encoding="utf-8")


def house_style(settings: DeskSettings) -> HouseStyle:
    """The operator's file of spellings, if there is one. Raises `StyleError`, and `OSError` when the file cannot be read."""
    return read_style(settings.house_style.read_text(encoding="utf-8")) if settings.house_style else HouseStyle()


def run(settings: DeskSettings, service: ServiceSettings) -> None:
    """Serve until told to stop. Raises `OpenToOthers`, and `TopicsMissing` when the topics were never made."""
    doors = Doors(settings, Accounts(settings.accounts))
    refuse_open_desk(settings, doors)
    leave_first_link(settings, doors.accounts)
    configure("desk", service.log_level)
    metrics.begin("desk", [topic.name for topic in topics_of("desk")])
    health = Health("desk")
    health.lacks("broker", "the broker has not answered yet")
    serve(health, service.metrics_host, service.metrics_port)
    hub = Hub(uuid4().hex[:8])
    kafka = KafkaLog(service.broker)
    follower = Follower(prepare(settings.file), kafka, hub.tell_from_thread, _unreadable, _ended)
    broker, style, watch = service.broker, house_style(settings), Watch(settings.watches)
    context = Context(
        settings=settings,
        hub=hub,
        writer=KafkaWriter(broker, follower),
        now=now,
        pages=environment(style),
        build=build_id(),
        rule_checker=rule_problems,
        rule_templates=rule_templates(),
        texts=KafkaTexts(broker),
        style=style,
        waits=watch.waits,
        doors=doors,
    )
    app = application(context)
    stop = threading.Event()
    app.router.lifespan_context = _lifespan(hub, follower, stop)
    threading.Thread(target=_read_ahead, args=(context, stop), name="read-ahead", daemon=True).start()
    threading.Thread(target=watch.run, args=(stop,), name="watch", daemon=True).start()
    Probe("desk", service, (), lambda look: _beat(health, look.connected)).start()
    uvicorn.run(
        app, host=settings.host, port=settings.port, log_config=None, access_log=False, timeout_graceful_shutdown=2
    )


def _read_ahead(context: Context, stop: threading.Event) -> None:
    """Read the steps that rules are asked about before anybody asks, so that a back-test need not wait for it."""
    while not stop.is_set():
        with context.db() as db:
            for kept in context.kept.since(db, context.now() - LOOKED_BACK):
                _ = kept.subject
        stop.wait(READ_AHEAD_SECONDS)


def _beat(health: Health, connected: bool) -> None:
    """Say after each look whether the log answers; a desk without it still shows what it last knew."""
    metrics.CONNECTED.labels(service="desk").set(connected)
    health.has("start")
    if connected:
        health.has("broker")
    else:
        health.lacks("broker", "the broker does not answer; the desk shows what it last knew")


def _ended(topic: str, outcome: Outcome) -> None:
    metrics.CONSUMED.labels(service="desk", topic=topic).inc()
    metrics.ENDED.labels(service="desk", topic=topic, outcome=outcome).inc()
    metrics.LAST_OUTCOME.labels(service="desk").set_to_current_time()


def _lifespan(hub: Hub, follower: Follower, stop: threading.Event) -> Any:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        hub.attach()
        thread = threading.Thread(target=_follow, args=(follower, stop), name="follower", daemon=True)
        thread.start()
        yield
        stop.set()
        thread.join(5)

    return lifespan


def _follow(follower: Follower, stop: threading.Event) -> None:
    """Follow; when the fold breaks the whole process ends, because a queue that silently lacks alerts is worse than none."""
    try:
        follower.run(stop)
    except BaseException:
        log.exception("the read model could not be folded on")
        os._exit(70)


def _unreadable(at: Position, error: Exception) -> None:
    log.warning("passed over", topic=at.topic, partition=at.partition, offset=at.offset, why=str(error))
