"""`copytaster broker`: the development broker, a real Apache Kafka of one node on loopback."""

from __future__ import annotations

from typing import Annotated

import typer

from runtime.brokers import BrokerSettings, is_development_broker
from runtime.devbroker import Broker, BrokerTrouble
from runtime.devbroker.node import read_record
from runtime.devbroker.ports import first_free
from runtime.places import state_folder

PORT = 9092
app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def start(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="TCP port on loopback; default 9092 or the next free one")
    ] = None,
    heap: Annotated[int, typer.Option(min=128, max=8192, help="memory for Java's heap, in MB")] = 256,
) -> None:
    """Start it and return when it answers; the log and its port are kept over restarts."""
    if not is_development_broker():
        typer.echo(f"KAFKA_BOOTSTRAP_SERVERS is set: {BrokerSettings().bootstrap_servers} is used, nothing is started")
        return
    broker = development_broker(port, heap)
    now = broker.running()
    if now and port not in (None, now.port):
        _fail(f"it already runs on port {now.port}. Cure: copytaster broker stop, then start it with --port {port}")
    try:
        broker.start()
    except BrokerTrouble as trouble:
        _fail(str(trouble))
    typer.echo(f"Kafka answers at {broker.bootstrap}; its log is in {broker.folder / 'broker'}")


@app.command()
def stop() -> None:
    """Stop it cleanly; what it holds is kept."""
    broker = Broker(state_folder())
    was = broker.running()
    broker.stop()
    typer.echo(f"Kafka on {was.bootstrap} is stopped" if was else "Kafka was not running")


@app.command()
def status() -> None:
    """Say whether it runs and where; exit code 1 if it does not."""
    now = Broker(state_folder()).running()
    typer.echo(
        f"Kafka runs at {now.bootstrap}, process {now.pid}"
        if now
        else "Kafka does not run; cure: copytaster broker start"
    )
    raise typer.Exit(0 if now else 1)


def development_broker(port: int | None = None, heap_mb: int = 256) -> Broker:
    """Return the broker whose data lie in the state folder: on its old port, else on 9092 or the next free one."""
    known = read_record(state_folder() / "broker.json")
    if port is None and known is None:
        port = first_free(PORT)
    return Broker(state_folder(), port, heap_mb=heap_mb, say=lambda line: typer.echo(line, err=True))


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
