"""`copytaster rebuild`: everything decided again from what is kept, by the services' own functions in one process.

Roots (pages, minutes, rules, acts) go in (time, id) order; the answer is one file, whose SHA-256 two rebuilds share. Nothing is sent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def rebuild(
    into: Annotated[Path, typer.Option(help="the file to write: topic, tab, message, one a line")],
    roots: Annotated[
        Path | None, typer.Option(help="take the roots from a file of this form, not from the log")
    ] = None,
) -> None:
    """Decide everything again."""
    from console.again.course import ROOTS
    from console.again.kept import kept_roots, read_lines, write_file
    from console.again.services import whole_course
    from runtime.settings import ServiceSettings

    given = read_lines(roots) if roots else kept_roots(ServiceSettings())
    course = whole_course()
    number, digest = write_file(into, course.run((topic, fact) for topic, fact in given if isinstance(fact, ROOTS)))
    typer.echo(f"{number} messages into {into}, SHA-256 {digest}")
    for (topic, outcome), times in sorted(course.ended.items()):
        typer.echo(f"  {topic}: {outcome} {times}")
