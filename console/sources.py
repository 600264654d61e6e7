"""`copytaster sources`: what is polled, and how each source fares, so that silence is told from deafness."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from runtime.clock import now
from schemas.base import Fact, Meta, Position
from schemas.facts import PollRecorded, SourceConfigured
from schemas.ids import derive, trace_id
from schemas.sources import Source, SourceKind

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
Known = tuple[dict[str, Source], dict[str, PollRecorded]]


class BadSources(ValueError):  # noqa: N818 - says what the file is
    """A file of sources that breaks its form; the text names the file, the source and the cure."""


def read_sources(path: Path) -> list[Source]:
    """The sources of a YAML file (see deploy/sources/example.yaml). Raises `BadSources`."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadSources(f"{path} cannot be read as YAML: {error}") from error
    listed = said.get("sources") if isinstance(said, dict) else None
    if not isinstance(listed, list) or not listed:
        raise BadSources(f"{path} has no list `sources`; deploy/sources/example.yaml shows the form")
    found = [_source(path, place, given) for place, given in enumerate(listed, 1)]
    if len({source.source for source in found}) < len(found):
        raise BadSources(f"{path} names a source twice: each `source` is an id of its own")
    return found


def _source(path: Path, place: int, given: Any) -> Source:
    try:
        return Source.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise BadSources(
            f"{path}, source {place}: {field}: {first['msg']} (deploy/sources/example.yaml shows the form)"
        ) from error


def rows(known: Known, at: datetime) -> list[tuple[str, ...]]:
    """One row a source: id, outlet, last poll, items seen, held back, next poll, last error in words."""
    sources, polls = known
    return [_row(source, polls.get(key), at) for key, source in sorted(sources.items()) if not source.removed]


def _row(source: Source, poll: PollRecorded | None, at: datetime) -> tuple[str, ...]:
    if poll is None:
        return (source.source, source.outlet, "not yet", "0", "0 / 0", "paused" if source.paused else "now", "")
    coming = "paused" if source.paused else "never" if poll.status == 410 else _in(poll.next_poll - at)
    held = f"{poll.backfill_total} / {poll.old_total}"
    trouble = poll.error or (f"moved for good to {poll.moved_to}" if poll.moved_to else "")
    return (source.source, source.outlet, f"{_span(at - poll.at)} ago", str(poll.items_total), held, coming, trouble)


def _in(left: timedelta) -> str:
    return "now" if left <= timedelta(0) else f"in {_span(left)}"


def _span(span: timedelta) -> str:
    """A span in its largest unit."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


@app.command("list")
def list_sources() -> None:
    """Each source: last poll, items seen, held back as back-fill or old, next poll, last error."""
    table = Table("source", "outlet", "last poll", "items", "back-fill / old", "next poll", "last error")
    for row in rows(_known(), now()):
        table.add_row(*row)
    Console().print(table)


@app.command()
def add(
    source: Annotated[str, typer.Argument(help="an id: small letters, digits and hyphens; or a YAML file of sources")],
    url: Annotated[str, typer.Option(help="the feed's address")] = "",
    outlet: Annotated[str, typer.Option(help="the outlet's name for people")] = "",
    tier: Annotated[
        int, typer.Option(min=0, max=3, help="0 legal texts, 1 agencies and parties, 2 outlets, 3 channels")
    ] = 2,
    interval: Annotated[float, typer.Option(min=1, help="seconds between two polls")] = 300,
    language: Annotated[str | None, typer.Option(help="ISO 639-1")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166 alpha-2 of the publisher")] = None,
    kind: Annotated[
        SourceKind, typer.Option(help="a feed, or one page that is looked at again and again")
    ] = SourceKind.feed,
    internal: Annotated[bool, typer.Option(help="the address lies inside this network, and that is meant")] = False,
) -> None:
    """Add or change a source, or all of a file."""
    _write(_from_file(Path(source)) if source.endswith((".yaml", ".yml")) else [
        _checked(source=source, url=url, outlet=outlet or source, tier=tier, interval_seconds=interval, language=language,
                 country=country, kind=kind, internal=internal)
    ])  # fmt: skip


def _from_file(path: Path) -> list[Source]:
    try:
        return read_sources(path)
    except BadSources as error:
        raise typer.BadParameter(str(error)) from error


def _checked(**given: Any) -> Source:
    if not str(given["url"]).startswith(("http://", "https://")):
        raise typer.BadParameter(f"--url {given['url']!r} is no http or https address")
    try:
        return Source.model_validate(given)
    except ValidationError as error:
        raise typer.BadParameter(error.errors(include_url=False)[0]["msg"]) from error


def _changing(says: str, change: Callable[[Source], Source]) -> Callable[[str], None]:
    def command(source: str) -> None:
        sources, _ = _known()
        if source not in sources or sources[source].removed:
            raise typer.BadParameter(f"{source!r} is no source; `copytaster sources list` shows them")
        _write([change(sources[source])])

    command.__doc__ = says
    return command


def _with(**fields: bool) -> Callable[[Source], Source]:
    return lambda source: source.model_copy(update=fields)


app.command("pause")(_changing("Poll it no more for now.", _with(paused=True)))
app.command("resume")(_changing("Poll it again.", _with(paused=False)))
app.command("remove")(_changing("Poll it no more; what came of it stays.", _with(removed=True)))
app.command("poll-now")(_changing("Poll it at once.", _with()))


def _known() -> Known:
    """Sources and their last polls as the log has them."""
    from runtime.memory import read_to_end
    from runtime.settings import ServiceSettings

    sources: dict[str, Source] = {}
    polls: dict[str, PollRecorded] = {}

    def fold(fact: Fact, _: Position) -> None:
        if isinstance(fact, SourceConfigured):
            sources[fact.source.source] = fact.source
        elif isinstance(fact, PollRecorded):
            polls[fact.source] = fact

    settings = ServiceSettings()
    read_to_end(settings, "sources", fold)
    read_to_end(settings, "polls-recorded", fold)
    return sources, polls


def _write(sources: list[Source]) -> None:
    from runtime.handling import Output
    from runtime.publish import Publisher
    from runtime.settings import ServiceSettings

    at = now()
    with Publisher(ServiceSettings(), "desk") as publisher:
        publisher.put([Output("sources", source.source, _fact(source, at)) for source in sources])
    typer.echo(f"{', '.join(source.source for source in sources)}: noted")


def _fact(source: Source, at: datetime) -> SourceConfigured:
    identity = derive("source-configured", source.source, at.isoformat())
    return SourceConfigured(
        id=identity, meta=Meta(trace=trace_id(identity), root_at=at), person="operator", source=source
    )
