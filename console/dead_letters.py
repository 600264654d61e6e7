"""`copytaster dead-letters`: what was given up, why, and another attempt, which never alerts as new."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runtime.admin import administrator, found_topics
from runtime.brokers import BrokerSettings
from runtime.dead_letters import CannotReplay, DeadLetter, NotADeadLetter, folded, read, replayed
from runtime.messages import Record
from runtime.publish import Publisher
from runtime.readback import partitions_of, records_to_end
from runtime.settings import ServiceSettings
from schemas.outcomes import Outcome
from schemas.topics import BY_NAME, TOPICS

app = typer.Typer(no_args_is_help=True, help=__doc__)
TopicOption = Annotated[str | None, typer.Option("--topic", help="only those of this topic")]
ReasonOption = Annotated[Outcome | None, typer.Option("--reason", help="only those with this outcome")]
_SHORT = 8


@app.command("list")
def list_(topic: TopicOption = None, reason: ReasonOption = None) -> None:
    """List them, oldest first; two with one id are the same one."""
    letters = _chosen(_read_all(topic), reason)
    if not letters:
        typer.echo("no dead letters")
        return
    Console().print(_table(letters))


@app.command()
def show(identifier: Annotated[str, typer.Argument(metavar="ID", help="its id, or how that begins")]) -> None:
    """Show one: who gave it up, where and why, and the message as it was."""
    (letter,) = _find(_read_all(None), [identifier])
    typer.echo(told(letter))


@app.command()
def replay(
    identifiers: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="ids, or how they begin")] = None,
    every: Annotated[bool, typer.Option("--all", help="all, or all of --topic and --reason")] = False,
    topic: TopicOption = None,
    reason: ReasonOption = None,
) -> None:
    """Send them back to their topics, marked as late; exit code 1 if one cannot be replayed."""
    if bool(identifiers) == every:
        raise typer.BadParameter("name ids, or say --all")
    letters = _read_all(topic)
    chosen = _chosen(letters, reason) if every else _find(letters, identifiers or [])
    records, refused = replays(chosen)
    settings = ServiceSettings()
    if records:
        with Publisher(settings, "console") as publisher:
            publisher.put_records(records)
    typer.echo("\n".join([f"{len(records)} sent back, marked as late", *refused]))
    raise typer.Exit(1 if refused else 0)


def replays(letters: Iterable[DeadLetter]) -> tuple[list[Record], list[str]]:
    """The messages to send, and a sentence for each that cannot be sent."""
    records, refused = [], []
    for letter in letters:
        try:
            records.append(replayed(letter))
        except CannotReplay as error:
            refused.append(str(error))
    return records, refused


def told(letter: DeadLetter) -> str:
    """One dead letter in full, for a person."""
    source = f"{letter.source.topic}, partition {letter.source.partition}, offset {letter.source.offset}"
    lines = [
        f"id        {letter.id}",
        f"given up  {letter.at:%Y-%m-%d %H:%M:%S} UTC by {letter.service}, attempt {letter.attempt}",
        f"read at   {source}",
        f"reason    {letter.outcome}",
        f"because   {visible(letter.sentence)}",
        f"trace     {letter.trace or 'unknown'}",
        f"key       {_text(letter.key)}",
        *(f"header    {name}: {_text(value)}" for name, value in letter.headers),
    ]
    return "\n".join([*lines, "", _body(letter)])


def _body(letter: DeadLetter) -> str:
    if not letter.whole:
        return f"(too large to be kept here; the original is at {letter.source.topic} as long as that is kept)"
    try:
        return visible(json.dumps(json.loads(letter.value or b""), indent=2, ensure_ascii=False))
    except ValueError:
        return _text(letter.value)


def _text(raw: bytes | None) -> str:
    return "none" if raw is None else visible(raw.decode("utf-8", "backslashreplace"))


def visible(text: str) -> str:
    """The text with every control character written out: what came from outside must not steer a terminal."""
    return "".join(one if one.isprintable() or one == "\n" else one.encode("unicode_escape").decode() for one in text)


def _table(letters: Iterable[DeadLetter]) -> Table:
    table = Table("id", "given up (UTC)", "by", "read at", "reason", "because", "attempt")
    for letter in letters:
        source = f"{letter.source.topic}/{letter.source.partition}/{letter.source.offset}"
        when = f"{letter.at:%m-%d %H:%M:%S}"
        row = (
            letter.id[:_SHORT],
            when,
            letter.service,
            source,
            letter.outcome,
            letter.sentence[:120],
            str(letter.attempt),
        )
        table.add_row(*(Text(visible(cell)) for cell in row))
    return table


def _chosen(letters: Iterable[DeadLetter], reason: Outcome | None) -> list[DeadLetter]:
    return [letter for letter in letters if reason is None or letter.outcome == reason.value]


def _find(letters: list[DeadLetter], identifiers: list[str]) -> list[DeadLetter]:
    return [_one(letters, identifier) for identifier in identifiers]


def _one(letters: list[DeadLetter], begin: str) -> DeadLetter:
    found = [letter for letter in letters if letter.id.startswith(begin)]
    if len(found) != 1:
        raise typer.BadParameter(
            f"{begin!r} fits {len(found)} dead letters; `copytaster dead-letters list` shows their ids"
        )
    return found[0]


def _read_all(topic: str | None) -> list[DeadLetter]:
    if topic is not None and topic not in BY_NAME:
        raise typer.BadParameter(f"{topic!r} is no topic; it is one of {', '.join(BY_NAME)}")
    from kafka.errors import KafkaError

    broker = BrokerSettings()
    wanted = [one.dead_letters for one in TOPICS if topic in (None, one.name)]
    try:
        with administrator(broker) as client:
            there = found_topics(client, [broker.named(name) for name in wanted])
        counts = {name: 1 for name in wanted if broker.named(name) in there}
        records = list(records_to_end(broker, partitions_of(broker, counts)))
    except KafkaError as trouble:
        typer.echo(
            f"{broker.bootstrap_servers}: {trouble}. Cure: copytaster broker start, or set KAFKA_BOOTSTRAP_SERVERS",
            err=True,
        )
        raise typer.Exit(1) from trouble
    letters = folded(letter for record in records if (letter := _letter(record)))
    return sorted(letters, key=lambda letter: (letter.at, letter.id))


def _letter(record: Any) -> DeadLetter | None:
    try:
        return read(Record(record.topic, record.key, record.value, tuple(record.headers)))
    except NotADeadLetter as error:
        typer.echo(f"passed over: {error}", err=True)
        return None
