"""Faust, embedded: no tables, no web server, no command line, no signal or log handler of its own; raw bytes in and out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

from runtime.brokers import for_faust
from runtime.guarded import too_large
from runtime.handling import Decider
from runtime.messages import Record
from runtime.places import state_folder
from runtime.settings import ServiceSettings

Put = Callable[[Record], Awaitable[None]]
Each = Callable[[AsyncIterator[Any]], Awaitable[None]]
_REQUEST = 8_388_608
_PUT_SECONDS = 30.0


def application(
    decider: Decider[Any], settings: ServiceSettings, each: Each, rebalanced: Callable[[], None]
) -> tuple[Any, Put]:
    """An app that hands the events of the inbox to `each`, and a way to put one record.

    `rebalanced` is called whenever the owner of the inbox may have changed. Putting returns after the broker's
    acknowledgement; it raises TimeoutError after 30 s, `Reject` for what the broker finds too large, else the broker's error.
    """
    import faust

    app = faust.App(
        settings.broker.named(decider.name),
        **for_faust(settings.broker),
        **_quiet(),
        **_careful(settings, decider.name),
    )
    inbox = _topic(app, settings.topic(decider.inbox))
    app.on_partitions_revoked.connect(_told(rebalanced))
    app.on_partitions_assigned.connect(_told(rebalanced))

    async def agent(stream: Any) -> None:
        await each(stream.events())

    app.agent(inbox, concurrency=1, name=f"{decider.name}.answer")(cast("Any", agent))
    return app, _putter(app, settings)


def _told(rebalanced: Callable[[], None]) -> Any:
    async def tell(*_: Any, **__: Any) -> None:
        rebalanced()

    return tell


def _quiet() -> dict[str, Any]:
    return {
        "web_enabled": False,
        "autodiscover": False,
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "table_standby_replicas": 0,
        "datadir": _folder(),
    }


def _folder() -> Path:
    """Faust wants a folder; without tables nothing is kept in it, so that all workers can have the same."""
    folder = state_folder() / "faust"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _careful(settings: ServiceSettings, service: str) -> dict[str, Any]:
    return {
        "consumer_group_instance_id": settings.member(service),
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": _REQUEST,
        "broker_session_timeout": settings.session,
        "broker_heartbeat_interval": settings.session / 5,
        "broker_commit_interval": 0.5,
        "stream_buffer_maxsize": 256,
        "stream_wait_empty": True,
        "producer_acks": -1,
        "producer_linger": 0,
        "producer_max_request_size": _REQUEST,
        "topic_partitions": 1,
    }


def _topic(app: Any, name: str) -> Any:
    return app.topic(
        name,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        partitions=1,
        allow_empty=True,
    )


def _putter(app: Any, settings: ServiceSettings) -> Put:
    topics: dict[str, Any] = {}

    async def queued_and_acknowledged(record: Record) -> None:
        topic = topics.setdefault(record.topic, _topic(app, settings.topic(record.topic)))
        # two awaits: the first queues the record, the second is the broker's acknowledgement
        await (await topic.send(key=record.key, value=record.value, headers=list(record.headers) or None))

    async def put(record: Record) -> None:
        from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError

        try:
            await asyncio.wait_for(queued_and_acknowledged(record), _PUT_SECONDS)
        except MessageSizeTooLargeError as error:
            raise too_large(record.topic, len(record.value or b"")) from error
        except KafkaTimeoutError as error:
            raise TimeoutError(str(error)) from error

    return put
