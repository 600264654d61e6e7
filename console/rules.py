"""`copytaster rules`: which rules are in force, add and remove them, check a file, and ask why or why not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from runtime.clock import now
from runtime.handling import Output
from runtime.memory import read_to_end
from runtime.publish import Publisher
from runtime.settings import ServiceSettings
from schemas.base import Fact, Meta, Position
from schemas.facts import AlertsDecided, RuleSaved, StepsTaken
from schemas.ids import derive, trace_id
from schemas.rules import Rule
from services.alerting.rules.backtesting import BackTest, Kept, back_test
from services.alerting.rules.matching import Compiled, compiled, failing_examples, why
from services.alerting.rules.reading import RuleError, read_rules
from services.alerting.rules.subject import subject_of
from services.alerting.state import Memory

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
out = Console(highlight=False)
INBOX, DECIDED = "alerting-inbox", "alerts-decided"
WAIT_SECONDS = 20.0
RulesFile = Annotated[Path, typer.Argument(help="YAML or JSON: one rule, a list, `rules:` or `people:`")]
Owner = Annotated[str, typer.Option(help="whose rules, where the file does not say")]


def in_force(settings: ServiceSettings) -> Memory:
    """Alerting's memory as the log has it now."""
    memory, seen = Memory(), set[Any]()

    def fold(fact: Fact, _: Position) -> None:
        if isinstance(fact, AlertsDecided) and fact.meta.cause not in seen:
            seen.add(fact.meta.cause)
            memory.fold(fact)

    read_to_end(settings, DECIDED, fold)
    return memory


def documents(path: Path) -> list[dict[str, Any]]:
    """The rules of a file, each read and its examples asked. Ends the command with the file, the line, the value and the cure."""
    try:
        found = read_rules(path.read_text(encoding="utf-8"))
    except (OSError, RuleError) as error:
        raise typer.BadParameter(f"{path}: {error}") from error
    for number, document in enumerate(found, 1):
        if wrong := failing_examples(compiled(named(document, f"rule-{number}", "desk", 1))):
            raise typer.BadParameter(f"{path}, rule {number}: an example {wrong[0]}")
    return found


def named(document: dict[str, Any], unnamed: str, person: str, version: int) -> Rule:
    """A document as it goes into the log."""
    rule = document.get("rule") or document.get("id") or unnamed
    title = document.get("title") or document.get("name") or ""
    return Rule(rule=rule, person=document.get("person") or person, version=version, title=title, document=document)


@app.command("list")
def list_rules(person: Annotated[str, typer.Option(help="only this person's")] = "") -> None:
    """The rules in force, with their versions."""
    table = Table("person", "rule", "version", "title", "asks")
    for rule in sorted(in_force(ServiceSettings()).rules, key=lambda each: each.key):
        if person in ("", rule.saved.person):
            table.add_row(
                rule.saved.person, rule.saved.rule, str(rule.saved.version), rule.saved.title, "; ".join(rule.asks)
            )
    out.print(table)


@app.command()
def check(path: RulesFile) -> None:
    """Whether every rule of a file can be read and its examples hold; nothing is saved."""
    out.print(f"{path}: {len(documents(path))} rules, nothing wrong")


@app.command()
def add(path: RulesFile, person: Owner = "desk") -> None:
    """Save the rules of a file; each as the next version of the rule of that name, and wait until alerting has said so."""
    settings = ServiceSettings()
    versions = in_force(settings).versions
    rules = [named(document, f"rule-{number}", person, 1) for number, document in enumerate(documents(path), 1)]
    _save(
        settings, [rule.model_copy(update={"version": versions.get((rule.person, rule.rule), 0) + 1}) for rule in rules]
    )


@app.command("back-test")
def back_test_rules(
    path: RulesFile,
    days: Annotated[int, typer.Option(min=1, help="so many of the last days")] = 30,
    zone: Annotated[str, typer.Option(help="the person's time zone, for hours and nights")] = "UTC",
    show: Annotated[int, typer.Option(min=0, help="so many alerts and near misses of each rule")] = 10,
) -> None:
    """What the rules of a file would have told in the last days: how often, at which hours, and what came close; nothing is saved."""
    kept = kept_since(ServiceSettings(), now() - timedelta(days=days))
    for number, document in enumerate(documents(path), 1):
        rule = compiled(named(document, f"rule-{number}", "desk", 1))
        out.print("\n".join(report_of(rule, back_test(rule, kept, zone), days, show)), markup=False)


def kept_since(settings: ServiceSettings, since: datetime) -> list[Kept]:
    """Every step that the log holds from then on."""
    found: list[Kept] = []

    def take(fact: Fact, _: Position) -> None:
        if isinstance(fact, StepsTaken) and fact.at >= since:
            found.extend(Kept(step, fact.head, fact.entities, fact.at) for step in fact.steps)

    read_to_end(settings, INBOX, take)
    return found


def report_of(rule: Compiled, tested: BackTest, days: int, show: int) -> Iterator[str]:
    """The back-test of one rule in words, a line each."""
    fired, close = len(tested.fired), len(tested.close)
    yield (
        f"{rule.saved.rule}: would have fired {fired} time{'s' if fired != 1 else ''} in the last {days} days, {tested.at_night} of them at "
        f"night; {tested.asked} steps asked; about {tested.a_week:.1f} a week"
    )
    if fired:
        yield "  by hour: " + ", ".join(f"{hour:02} h {count}" for hour, count in enumerate(tested.by_hour) if count)
    yield from (f"  fired  {_line(each)}" for each in tested.fired[-show:] if show)
    if close:
        yield f"  {close} came close:"
    yield from (f"  close  {_line(each.kept)}: {each.because}" for each in tested.close[-show:] if show)


def _line(each: Kept) -> str:
    said = each.head.headline if each.head else each.step.reason
    return f"{each.at:%Y-%m-%d %H:%M} UTC {each.step.status} {each.step.reality} · {each.step.dossier.title} · {said}"


@app.command()
def remove(rule: str, person: Owner = "desk") -> None:
    """Take a rule out of force."""
    settings = ServiceSettings()
    memory = in_force(settings)
    if memory.rules.get(person, rule) is None:
        raise typer.BadParameter(
            f"{person} has no rule {rule!r} in force; `copytaster rules list` shows those that there are"
        )
    _save(settings, [Rule(rule=rule, person=person, version=memory.versions[person, rule] + 1, removed=True)])


@app.command("why")
def why_rule(
    rule: Annotated[str, typer.Argument(help="id of the rule")],
    article: Annotated[str, typer.Argument(help="address, article, version or step")],
    person: Owner = "desk",
) -> None:
    """Clause by clause, why a rule did or did not match what an article brought."""
    settings = ServiceSettings()
    asked = in_force(settings).rules.get(person, rule)
    if asked is None:
        raise typer.BadParameter(f"{person} has no rule {rule!r} in force")
    found: list[StepsTaken] = []
    read_to_end(
        settings,
        INBOX,
        lambda fact, _: found.append(fact) if isinstance(fact, StepsTaken) and _is_about(fact, article) else None,
    )
    if not found:
        raise typer.BadParameter(f"nothing in the log is about {article!r}; `copytaster trace URL` says where it went")
    for taken in found:
        _explain(asked, taken)


def _is_about(taken: StepsTaken, article: str) -> bool:
    head = taken.head
    known = {str(step.id) for step in taken.steps}
    known |= {head.url, str(head.article), str(head.version)} if head else set()
    return article in known


def _explain(rule: Compiled, taken: StepsTaken) -> None:
    if not taken.steps:
        out.print(f"no step: {taken.reason}")
    for step in taken.steps:
        out.print(f"[bold]{step.family} {step.status} {step.reality} ({step.kind.value}), {step.dossier.title}[/bold]")
        for verdict in why(rule, subject_of(step, taken.head, taken.entities, taken.at)):
            out.print(f"  {'holds     ' if verdict.holds else 'fails     '}{verdict.says}", markup=False)


def _save(settings: ServiceSettings, rules: list[Rule]) -> None:
    saved = [_fact(rule, now()) for rule in rules]
    with Publisher(settings, "console") as publisher:
        publisher.put([Output(INBOX, f"{fact.rule.person}/{fact.rule.rule}", fact) for fact in saved])
    said = _answers(settings, {fact.id for fact in saved})
    for fact in saved:
        answer = said.get(fact.id)
        text = (
            f"{answer.at:%H:%M:%S} UTC: {answer.reason}"
            if answer
            else "in the log; alerting has not said yet that it is in force"
        )
        out.print(f"{fact.rule.person} {fact.rule.rule}: {text}", markup=False)
    if any(answer.rule is None for answer in said.values()) or len(said) < len(saved):
        raise typer.Exit(1)


def _fact(rule: Rule, at: datetime) -> RuleSaved:
    made = derive("rule-saved", rule.person, rule.rule, rule.version, at.isoformat())
    return RuleSaved(id=made, meta=Meta(trace=trace_id(made), root_at=at), rule=rule, by="console", at=at)


def _answers(
    settings: ServiceSettings, wanted: set[Any], sleep: Callable[[float], object] = time.sleep
) -> dict[Any, AlertsDecided]:
    """What alerting decided on these, as far as it did within `WAIT_SECONDS`."""
    end = time.monotonic() + WAIT_SECONDS
    found: dict[Any, AlertsDecided] = {}

    def take(fact: Fact, _: Position) -> None:
        if isinstance(fact, AlertsDecided) and fact.meta.cause in wanted:
            found.setdefault(fact.meta.cause, fact)

    while len(found) < len(wanted) and time.monotonic() < end:
        read_to_end(settings, DECIDED, take)
        sleep(0.0 if len(found) == len(wanted) else 0.3)
    return found
