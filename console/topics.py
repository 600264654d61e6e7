"""`copytaster topics`: make, describe and check the topics that `schemas/topics.py` declares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from runtime.admin import administrator, check_topics, create_topics, found_topics
from runtime.brokers import BrokerSettings
from schemas.topics import TOPICS, Topic

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def create(
    wait: Annotated[
        float, typer.Option(min=1, help="how long a broker that does not answer yet is waited for, in seconds")
    ] = 10,
) -> None:
    """Make what is missing, dead letters included, and set what differs."""
    with _broker(int(wait * 1000)) as (client, settings):
        done = create_topics(client, settings)
    typer.echo("\n".join(done) or "every topic is there as declared")


@app.command()
def check() -> None:
    """Say each difference between the declaration and the broker; exit code 1 if there is one."""
    with _broker() as (client, settings):
        sentences = check_topics(client, settings)
    typer.echo("\n".join(sentences) or f"{len(TOPICS)} topics and their dead letters are as declared")
    raise typer.Exit(1 if sentences else 0)


@app.command()
def describe() -> None:
    """Show what each topic carries, who writes and reads it, how long it is kept and whether the broker has it."""
    with _broker() as (client, settings):
        there = set(found_topics(client, [settings.named(topic.name) for topic in TOPICS]))
    typer.echo("\n\n".join(_told(topic, settings.named(topic.name) in there) for topic in TOPICS))


def _told(topic: Topic, there: bool) -> str:
    carried = ", ".join(fact.__name__ for fact in topic.carries)
    parts = "1 partition" if topic.partitions == 1 else f"{topic.partitions} partitions"
    head = f"{topic.name}: {parts}, kept {kept(topic)}{'' if there else ', NOT THERE'} ({topic.because})"
    flow = f"{', '.join(topic.written_by)} -> {', '.join(topic.read_by)}"
    return f"{head}\n  {carried} by {topic.key}\n  {flow}"


def kept(topic: Topic) -> str:
    """Say how long a topic is kept, in words."""
    if topic.compacted:
        return "by its last of each key"
    if topic.kept_ms is None:
        return "for ever"
    hours = topic.kept_ms // 3_600_000
    return f"{hours // 24} days" if hours % 24 == 0 else f"{hours} hours"


@contextmanager
def _broker(wait_ms: int = 10_000) -> Iterator[tuple[Any, BrokerSettings]]:
    from kafka.errors import KafkaError

    settings = BrokerSettings()
    try:
        with administrator(settings, wait_ms=wait_ms) as client:
            yield client, settings
    except KafkaError as trouble:
        typer.echo(
            f"no answer from Kafka at {settings.bootstrap_servers} ({type(trouble).__name__}: {trouble}). "
            "Cure: copytaster broker start, or set KAFKA_BOOTSTRAP_SERVERS",
            err=True,
        )
        raise typer.Exit(1) from trouble
