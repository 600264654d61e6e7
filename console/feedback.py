"""`copytaster feedback`: what people do and say of alerts and dossiers, until the desk has a page for it, and beside it.

Acts go into the inbox that they concern; what was wrong or missing goes into `feedback-given`, and is exported as test cases.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from runtime.handling import Output
from schemas import ids
from schemas.acts import Act, ActKind
from schemas.base import Fact, Meta
from schemas.facts import ActTaken, FeedbackGiven

app = typer.Typer(no_args_is_help=True, help=__doc__)
OF_DOSSIERS = frozenset({ActKind.merge, ActKind.divide, ActKind.retract, ActKind.undo})
"""Acts that tracking decides on; alerting hears of what they bring from its steps."""
OF_PEOPLE = frozenset(ActKind) - {ActKind.merge, ActKind.divide, ActKind.retract}
SAYINGS = ("wrong_type", "not_new", "not_true", "not_for_me", "missed")
Id = Annotated[UUID | None, typer.Option()]


@app.command()
def give(
    what: Annotated[str, typer.Argument(help=f"an act ({', '.join(ActKind)}) or a saying ({', '.join(SAYINGS)})")],
    person: Annotated[str, typer.Option(help="who does or says it")],
    alert: Id = None,
    dossier: Id = None,
    other: Annotated[UUID | None, typer.Option(help="the second dossier of a merge; the step of a split")] = None,
    step: Id = None,
    undoes: Annotated[UUID | None, typer.Option(help="the act that is taken back")] = None,
    until: Annotated[datetime | None, typer.Option(help="end of a mute or a follow, UTC")] = None,
    url: Annotated[str | None, typer.Option(help="of the article that was missed")] = None,
    reason: Annotated[str, typer.Option(help="why, in a few words")] = "",
) -> None:
    """Do an act, or say what was wrong or missing; returns when the log has it."""
    from runtime.clock import now
    from runtime.publish import Publisher
    from runtime.settings import ServiceSettings

    at = now()
    if what in SAYINGS:
        outputs = said(what, person, at, alert, url, reason)
    elif what in set(ActKind):
        named = {"dossier": dossier, "other": other, "step": step, "alert": alert, "undoes": undoes}
        until_utc = until.replace(tzinfo=at.tzinfo) if until else None
        outputs = done(
            Act(
                act=act_id(what, person, at),
                kind=ActKind(what),
                person=person,
                at=at,
                until=until_utc,
                reason=reason,
                **named,
            )
        )
    else:
        raise typer.BadParameter(
            f"{what!r} is neither an act nor a saying: choose one of {', '.join((*ActKind, *SAYINGS))}"
        )
    with Publisher(ServiceSettings(), "console") as publisher:
        publisher.put(outputs)
    typer.echo("\n".join(f"{output.fact.name()} {output.fact.id} into {output.topic}" for output in outputs))


def act_id(what: str, person: str, at: datetime) -> UUID:
    """The id of an act: one person does one thing at one moment."""
    return ids.derive("act", what, person, at.isoformat())


def done(act: Act) -> list[Output]:
    """An act, for each inbox that it concerns. Raises `typer.BadParameter` for one that lacks what it is about."""
    if lacking := lacks(act):
        raise typer.BadParameter(f"{act.kind} needs {lacking}: copy the id from the desk or from `copytaster trace`")
    fact = ActTaken(id=act.act, meta=Meta(trace=ids.trace_id(act.act), root_at=act.at), act=act)
    inboxes = [("tracking-inbox", OF_DOSSIERS), ("alerting-inbox", OF_PEOPLE)]
    return [Output(inbox, str(act.act), fact) for inbox, kinds in inboxes if act.kind in kinds]


def lacks(act: Act) -> str:
    """The options without which an act says nothing; empty if it has them."""
    needs = {
        ActKind.merge: {"--dossier": act.dossier, "--other": act.other},
        ActKind.divide: {"--other (the step)": act.other},
        ActKind.retract: {"--step": act.step},
        ActKind.undo: {"--undoes": act.undoes},
        ActKind.acknowledge: {"--alert": act.alert},
        ActKind.wrong: {"--alert": act.alert},
    }.get(act.kind, {"--dossier or --alert": act.dossier or act.alert})
    return " and ".join(name for name, value in needs.items() if value is None)


def said(what: str, person: str, at: datetime, alert: UUID | None, url: str | None, note: str) -> list[Output]:
    """What a person said of an alert, or of an article that was missed. Raises `typer.BadParameter` if neither is named."""
    if (url if what == "missed" else alert) is None:
        raise typer.BadParameter(f"{what} needs {'--url' if what == 'missed' else '--alert'}: say what it is about")
    fact_id = ids.derive("FeedbackGiven", what, person, at.isoformat())
    meta = Meta(trace=ids.trace_id(fact_id), root_at=at)
    fact = FeedbackGiven(id=fact_id, meta=meta, person=person, at=at, kind=what, alert=alert, url=url, note=note)
    return [Output("feedback-given", person, fact)]


@app.command("list")
def list_them() -> None:
    """One line for each act and each saying that the log holds, oldest first."""
    typer.echo("\n".join(line_of(fact) for fact in _given()) or "nothing was given yet")


@app.command()
def export() -> None:
    """What was wrong or missing as test cases: one JSON object a line."""
    for fact in _given():
        if isinstance(fact, FeedbackGiven):
            typer.echo(json.dumps(case_of(fact), ensure_ascii=False))


def _given() -> list[ActTaken | FeedbackGiven]:
    from runtime.memory import read_to_end
    from runtime.settings import ServiceSettings

    found: dict[UUID, ActTaken | FeedbackGiven] = {}

    def keep(fact: Fact, _: object) -> None:
        if isinstance(fact, ActTaken | FeedbackGiven):
            found.setdefault(fact.id, fact)

    for topic in ("tracking-inbox", "alerting-inbox", "feedback-given"):
        read_to_end(ServiceSettings(), topic, keep)
    return sorted(found.values(), key=lambda fact: fact.meta.root_at)


def line_of(fact: ActTaken | FeedbackGiven) -> str:
    """One act or saying in words."""
    if isinstance(fact, ActTaken):
        act = fact.act
        about = act.alert or act.step or act.dossier or act.undoes
        return f"{act.at:%Y-%m-%d %H:%M} {act.person}: {act.kind} {about or ''} {act.reason}".rstrip() + f" [{act.act}]"
    return f"{fact.at:%Y-%m-%d %H:%M} {fact.person}: {fact.kind} {fact.alert or fact.url} {fact.note}".rstrip()


def case_of(fact: FeedbackGiven) -> dict[str, object]:
    """A test case: what must be told, or must not."""
    wanted = "told" if fact.kind == "missed" else "silent"
    return {
        "id": str(fact.id),
        "want": wanted,
        "why": fact.kind,
        "alert": str(fact.alert) if fact.alert else None,
        "url": fact.url,
        "text": fact.text,
        "note": fact.note,
    }
