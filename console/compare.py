"""`copytaster compare`: two rebuilds side by side: which alerts were gained, lost or changed, each with its sentence.

Make each with `copytaster rebuild --into FILE`, with the detector or the rules that you want to compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas.alerts import Alert

app = typer.Typer(add_completion=False)
Key = tuple[str, str, str]


@app.command(help=__doc__)
def compare(
    before: Annotated[Path, typer.Argument(help="a rebuild")],
    after: Annotated[Path, typer.Argument(help="another one, over the same kept pages")],
) -> None:
    """Say what the second would have told otherwise than the first."""
    lines = list(differences(alerts_in(before), alerts_in(after)))
    typer.echo("\n".join(lines) or "the same alerts")
    raise typer.Exit(1 if lines else 0)


def alerts_in(path: Path) -> Iterator[Alert]:
    """The alerts of a rebuild."""
    from console.again.kept import read_lines
    from schemas.facts import AlertRaised

    for _, fact in read_lines(path):
        if isinstance(fact, AlertRaised):
            yield fact.alert


def key_of(alert: Alert) -> Key:
    """What makes two alerts of two rebuilds the same: the person, the version that brought it, and the family."""
    about = str(alert.head.version) if alert.head else alert.raised_for.isoformat()
    return alert.person, about, alert.lead.family


def differences(before: Iterable[Alert], after: Iterable[Alert]) -> Iterator[str]:
    """One line for each alert gained, lost or changed, in the order of time."""
    ours, theirs = _by_key(before), _by_key(after)
    for key in sorted(ours.keys() | theirs.keys(), key=lambda key: (_first(ours, theirs, key).raised_for, key)):
        old, new = ours.get(key, []), theirs.get(key, [])
        if not old or not new:
            yield from (told("lost", alert) for alert in old)
            yield from (told("gained", alert) for alert in new)
        elif [substance(alert) for alert in old] != [substance(alert) for alert in new]:
            yield told("changed from", old[0])
            yield told("changed to", new[0])


def _by_key(alerts: Iterable[Alert]) -> dict[Key, list[Alert]]:
    found: dict[Key, list[Alert]] = {}
    for alert in alerts:
        found.setdefault(key_of(alert), []).append(alert)
    return found


def _first(ours: dict[Key, list[Alert]], theirs: dict[Key, list[Alert]], key: Key) -> Alert:
    return (ours.get(key) or theirs[key])[0]


def substance(alert: Alert) -> list[Any]:
    """What a person is told, without ids and words: status, reality, polarity and kind of each step."""
    return [(s.status, s.reality, s.polarity, s.kind.value, s.dossier.title) for s in (alert.lead, *alert.also)]


def told(change: str, alert: Alert) -> str:
    """A line about one alert: whom, what, and the sentence that says it."""
    lead = alert.lead
    sentence = lead.assertion.evidence if lead.assertion else lead.reason
    what = (
        f"{lead.status.replace('_', ' ')} ({lead.reality}, {lead.kind.value.replace('_', ' ')}), {lead.dossier.title}"
    )
    return f"{change} · {alert.person} · {what} · “{sentence}”"
