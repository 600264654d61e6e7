"""`copytaster trace URL`: where did this story go, stage by stage, with the reason of each decision.

It reads the desk's read model, which is a fold of the whole log; run it on the desk's machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas.outcomes import Outcome

app = typer.Typer(add_completion=False)


@app.command()
def trace(
    url: Annotated[str, typer.Argument(help="the article's address, as the feed or the browser has it")],
    file: Annotated[
        Path | None, typer.Option(help="the desk's read model; else COPYTASTER_DESK_FILE or the one of `make run`")
    ] = None,
) -> None:
    """Say for every stage what became of the article under this address, and why."""
    from services.desk import queries, store
    from services.desk.settings import DeskSettings

    path = file or DeskSettings().file
    if not path.exists():
        raise typer.BadParameter(f"{path} is not there: run this where the desk runs, or name its file with --file")
    with closing(store.connect(path)) as db:
        lines = list(story(queries.story_of_url(db, url), deliveries_of(db, url)))
    if not lines:
        typer.echo(
            f"{url}\n  never read: no source brought it, it is still on its way, or the address is written differently"
        )
        raise typer.Exit(1)
    typer.echo("\n".join([url, *lines]))


def deliveries_of(db: sqlite3.Connection, url: str) -> list[Any]:
    """What was sent of the alerts about this address."""
    return list(
        db.execute(
            "select d.* from deliveries d where d.alert in (select t.alert from told t join steps s on s.id = t.step"
            " join heads h on h.version = s.version where h.url = ?) order by d.seq",
            (url,),
        )
    )


def story(found: dict[str, list[Any]], sent: list[Any]) -> Iterator[str]:
    """One line for each thing that happened, in the order of the stages."""
    for head in found["heads"]:
        yield _line(head["fetched"], "scraping", f"fetched for {head['source']}, version {head['version']}")
        yield _line(
            head["fetched"],
            "extraction",
            f"“{head['headline']}”, published {head['published'] or 'not stated'}, {head['language']}",
        )
        yield _line(
            head["fetched"], "deduplication", f"{head['decision']}, origin {head['origin']}: {head['copy_reason']}"
        )
        yield _line(head["fetched"], "tagging", f"gate: {head['gate']}; news of: {head['families'] or 'no family'}")
    for row in found["suppressions"]:
        sentence = Outcome(row["outcome"]).sentence if row["outcome"] in set(Outcome) else row["outcome"]
        yield _line(row["at"], row["service"], f"stopped: {sentence} {row['detail']}".rstrip())
    for row in found["asides"]:
        yield _line(None, "tracking", f"an assertion made no step: {row['reason']}")
    for row in found["steps"]:
        status = row["status"].replace("_", " ")
        yield _line(
            row["at"],
            "tracking",
            f"{row['kind'].replace('_', ' ')}: {status}, {row['reality']}, dossier {row['dossier']}",
        )
    for row in found["told"]:
        yield _line(None, "alerting", f"{row['person']} told, alert {row['alert']}")
    for row in found["untold"]:
        yield _line(None, "alerting", f"{row['person']} not told by {row['rule']}: {row['reason']}")
    for row in sent:
        yield _line(
            row["at"], "delivery", f"{row['person']} by {row['channel']}: {row['state']} {row['answer']}".rstrip()
        )


def _line(at: str | None, stage: str, says: str) -> str:
    return f"  {(at or '')[11:19]:8}  {stage:13}  {says}"
