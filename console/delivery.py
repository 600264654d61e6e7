"""`copytaster delivery`: how each alert fared; pause and resume all sending, send again, switch a channel on and off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from runtime.clock import now
from runtime.handling import Output
from runtime.memory import read_to_end
from runtime.publish import Publisher
from runtime.settings import ServiceSettings
from schemas.base import Meta
from schemas.facts import DeliveryActed, DeliveryActKind, DeliveryRecorded
from schemas.ids import derive, trace_id

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
out = Console(highlight=False)
By = Annotated[str, typer.Option(help="who does it")]
Reason = Annotated[str, typer.Option(help="why, for the log")]


@app.command("log")
def show_log(
    person: Annotated[str, typer.Option(help="only this person's")] = "",
    failed: Annotated[bool, typer.Option(help="only what has not arrived")] = False,
    last: Annotated[int, typer.Option(min=1, help="so many of the newest")] = 50,
) -> None:
    """The delivery log, newest last."""
    found: list[DeliveryRecorded] = []
    take: Callable[..., Any] = lambda fact, _: found.append(fact) if isinstance(fact, DeliveryRecorded) else None  # noqa: E731
    read_to_end(ServiceSettings(), "deliveries-recorded", take)
    table = Table("at (UTC)", "person", "channel", "state", "try", "seconds", "answer", "alert")
    wanted = [
        fact
        for fact in found
        if person in ("", fact.person) and (not failed or fact.state.value not in ("sent", "replaced"))
    ]
    for fact in wanted[-last:]:
        table.add_row(
            f"{fact.at:%m-%d %H:%M:%S}", fact.person, fact.channel, fact.state.value, str(fact.attempt), f"{fact.seconds:.1f}",
            fact.answer, str(fact.alert),
        )  # fmt: skip
    out.print(table)


@app.command()
def pause(by: By = "operator", reason: Reason = "") -> None:
    """Stop all sending at once; nothing is lost, and resuming sends the latest state of each dossier."""
    _act(DeliveryActKind.pause, by, reason=reason)


@app.command()
def resume(by: By = "operator", reason: Reason = "") -> None:
    """Go on sending."""
    _act(DeliveryActKind.resume, by, reason=reason)


@app.command()
def resend(
    alert: UUID, channel: Annotated[str, typer.Option(help="only by this channel")] = "", by: By = "operator"
) -> None:
    """Send one alert again, under the same id."""
    _act(DeliveryActKind.resend, by, alert=alert, channel=channel or None)


@app.command()
def disable(person: str, channel: str, by: By = "operator", reason: Reason = "") -> None:
    """Send nothing more to one person by one channel."""
    _act(DeliveryActKind.disable, by, person=person, channel=channel, reason=reason)


@app.command()
def enable(person: str, channel: str, by: By = "operator", reason: Reason = "") -> None:
    """Send to one person by one channel again, also after its receiver said that it was gone."""
    _act(DeliveryActKind.enable, by, person=person, channel=channel, reason=reason)


@app.command("test")
def send_test(
    person: str, channel: Annotated[str, typer.Argument(help="name of the channel")], by: By = "operator"
) -> None:
    """Send a test message to one person by one channel."""
    _act(DeliveryActKind.test, by, person=person, channel=channel)


def _act(kind: DeliveryActKind, by: str, **values: Any) -> None:
    at = now()
    made = derive("delivery-act", kind, by, at.isoformat())
    act = DeliveryActed(id=made, meta=Meta(trace=trace_id(made), root_at=at), kind=kind, by=by, at=at, **values)
    with Publisher(ServiceSettings(), "console") as publisher:
        publisher.put([Output("delivery-acts", values.get("person") or by, act)])
    out.print(f"{kind.value}: in the log; `copytaster delivery log` shows what comes of it")
