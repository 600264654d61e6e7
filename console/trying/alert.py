"""`copytaster try alert --channel NAME`: the words of one alert as that channel gets them.

A line is an alert of `try rules` (its field `alert` holds the whole), or a whole alert as it stands in the log.
"""

from __future__ import annotations

import typer
from pydantic import ValidationError

from console.trying import Answering, Line, LineRejected, Options
from schemas.alerts import Alert
from services.delivery.channels import channel, names
from services.delivery.message import Message

WITHOUT_MEMORY = True


def opened(options: Options) -> Answering:
    """The function that renders one alert after the other."""
    if options.channel not in names():
        raise typer.BadParameter(f"--channel {options.channel!r} is no channel: choose one of {', '.join(names())}")
    rendered = channel(options.channel).rendered

    def answer(line: Line) -> Line:
        alert = alert_of(line)
        return {"id": str(alert.id)} | rendered(Message((alert,)))

    return answer


def alert_of(line: Line) -> Alert:
    """The alert in a line. Raises `LineRejected`."""
    whole = line.get("alert") if isinstance(line.get("alert"), dict) else line
    try:
        return Alert.model_validate(whole)
    except ValidationError as error:
        first = error.errors()[0]
        raise LineRejected(
            f"no alert: {'.'.join(map(str, first['loc']))}: {first['msg']}; give a line of `try rules` alerts"
        ) from error
