"""`copytaster replay`: kept pages and assertions decided again under another namespace of topics, which has no delivery.

The topics of the namespace must be there (`COPYTASTER_NAMESPACE=shadow. copytaster topics create`). Nothing is sent: delivery is no part of
this process, and the live namespace is refused.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def replay(
    since: Annotated[datetime, typer.Option("--from", help="first moment, UTC, of the pages and minutes to take")],
    namespace: Annotated[str, typer.Option(help="of the topics to write, for instance `shadow.`")],
) -> None:
    """Write what is decided again into the topics of another namespace."""
    from console.again.kept import SameNamespace, kept_roots, shadow
    from console.again.services import whole_course
    from runtime.publish import Publisher
    from runtime.settings import ServiceSettings

    settings = ServiceSettings()
    try:
        other = shadow(settings, namespace)
    except SameNamespace as error:
        raise typer.BadParameter(str(error)) from error
    course, number = whole_course(), 0
    with Publisher(other, "console") as publisher:
        for output in course.run(kept_roots(settings, since.replace(tzinfo=UTC))):
            publisher.put([output])
            number += 1
    typer.echo(f"{number} messages into {namespace}*; nothing was sent")
