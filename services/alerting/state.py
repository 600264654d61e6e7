"""What alerting remembers: the fold of its own `AlertsDecided`, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from schemas.facts import AlertsDecided, Told
from services.alerting.rules.index import RuleIndex
from services.alerting.rules.matching import compiled

KEPT = timedelta(days=30)
Values = tuple[str, ...]


class Memory:
    """Rules in force, what each person was told, and what is remembered by name (`mute`, `follow`, `held`, `wait`, …)."""

    def __init__(self) -> None:
        self.rules = RuleIndex()
        self.versions: dict[tuple[str, str], int] = {}
        self.told_steps: dict[UUID, dict[str, Told]] = {}
        self.told_dossiers: dict[UUID, dict[str, Told]] = {}
        self._last_told: dict[UUID, datetime] = {}
        self._steps_of: defaultdict[UUID, list[UUID]] = defaultdict(list)
        self._named: defaultdict[str, dict[str, Values]] = defaultdict(dict)
        self._pruned_on: date | None = None

    def named(self, kind: str) -> Iterator[tuple[str, Values]]:
        """What is remembered under this kind of name, by the rest of the name, oldest first."""
        return iter(tuple(self._named[kind].items()))

    def recall(self, kind: str, rest: str) -> Values:
        """What is remembered under one name; nothing if there is nothing."""
        return self._named[kind].get(rest, ())

    def followers(self, dossier: UUID) -> Iterator[tuple[str, Values]]:
        """Who follows a dossier, with what was said of it."""
        start = f"{dossier}:"
        return ((rest.removeprefix(start), values) for rest, values in self.named("follow") if rest.startswith(start))

    def course(self, dossier: UUID) -> tuple[tuple[str, datetime], ...]:
        """What a dossier did so far, as far as rules over a sequence can ask for it: status and time, oldest first."""
        said = (each.split(" ") for each in self.recall("course", str(dossier)))
        return tuple((status, datetime.fromisoformat(at)) for status, at in said)

    def was_told(self, person: str, step: UUID) -> bool:
        """Whether the person was told this step."""
        return person in self.told_steps.get(step, {})

    def fold(self, fact: AlertsDecided) -> None:
        """Take in one decision."""
        for told in fact.everybody_told():
            self._fold_told(told, fact.at)
        if fact.rule is not None:
            self.versions[fact.rule.person, fact.rule.rule] = fact.rule.version
            if fact.rule.removed:
                self.rules.remove(fact.rule.person, fact.rule.rule)
            else:
                self.rules.put(compiled(fact.rule))
        for name, values in fact.remember.items():
            self._fold_named(name, values)
        self._forget_old(fact.at)

    def _fold_told(self, told: Told, at: datetime) -> None:
        self.told_steps.setdefault(told.step, {}).setdefault(told.person, told)
        self.told_dossiers.setdefault(told.dossier, {})[told.person] = told
        self._last_told[told.dossier] = at
        steps = self._steps_of[told.dossier]
        if not steps or steps[-1] != told.step:
            steps.append(told.step)

    def _fold_named(self, name: str, values: Values) -> None:
        kind, _, rest = name.partition(":")
        if values:
            self._named[kind][rest] = values
        else:
            self._named[kind].pop(rest, None)

    def _forget_old(self, at: datetime) -> None:
        """Once a day: dossiers of which nobody was told anything for `KEPT`."""
        if self._pruned_on == at.date():
            return
        self._pruned_on = at.date()
        for dossier in [dossier for dossier, last in self._last_told.items() if at - last > KEPT]:
            for step in self._steps_of.pop(dossier, ()):
                self.told_steps.pop(step, None)
            self.told_dossiers.pop(dossier, None)
            self._named["course"].pop(str(dossier), None)
            del self._last_told[dossier]
