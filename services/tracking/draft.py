"""A draft of the state while one message is decided: changed copies of the dossiers it touches, and the facts that say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from schemas.articles import Head
from schemas.facts import Aside, DossierChanged
from schemas.steps import Step
from services.tracking.dossiers import Dossier, Roles, State
from services.tracking.folding import apply_change, apply_step, opened_by
from services.tracking.roles import marks_of


class Draft:
    """What one message would change. Nothing of the state itself is touched; `evolve` does that from the fact."""

    def __init__(self, state: State, at: datetime, head: Head | None = None) -> None:
        self.state = state
        self.at = at
        self.head = head
        self.touched: dict[UUID, Dossier] = {}
        self.steps: list[Step] = []
        self.changes: list[DossierChanged] = []
        self.asides: list[Aside] = []

    def get(self, dossier_id: UUID) -> Dossier | None:
        """The dossier as drafted so far; one that was merged stands for the one it went into."""
        dossier = self.touched.get(dossier_id) or self.state.dossiers.get(dossier_id)
        while dossier is not None and dossier.into is not None:
            dossier = self.touched.get(dossier.into) or self.state.dossiers.get(dossier.into)
        return dossier

    def edit(self, dossier: Dossier) -> Dossier:
        """The copy of a dossier that this draft may change."""
        if dossier.id not in self.touched:
            self.touched[dossier.id] = dossier.copy()
        return self.touched[dossier.id]

    def change(self, dossier: UUID, change: str, reason: str, **values: tuple[str, ...]) -> None:
        """Note a change and apply it to the draft."""
        noted = DossierChanged(
            dossier=dossier, change=change, values={k: v for k, v in values.items() if v}, reason=reason
        )
        self.changes.append(noted)
        if change == "opened":
            self.touched[dossier] = opened_by(noted, self.at)
        elif (known := self.get(dossier)) is not None:
            apply_change(self.edit(known), noted, self.at)

    def take(self, step: Step) -> None:
        """Note a step and apply it to the draft."""
        self.steps.append(step)
        if (known := self.get(step.dossier.id)) is not None:
            apply_step(self.edit(known), step, self.head, self.at)

    def with_role(self, family: str, role: str) -> Iterator[Dossier]:
        """The open dossiers of a family in which this role, land or name stands."""
        for dossier_id in self.state.by_role.get((family, role), ()):
            if dossier_id not in self.touched:
                yield from self._open(dossier_id)
        for dossier in self.touched.values():
            if dossier.family == family and dossier.into is None and role in marks_of(dossier):
                yield dossier

    def with_story(self, family: str, story: UUID) -> Iterator[Dossier]:
        """The open dossiers of a family to which this story belongs."""
        for dossier_id in self.state.by_story.get(story, ()):
            if dossier_id not in self.touched:
                yield from (d for d in self._open(dossier_id) if d.family == family)
        yield from (d for d in self.touched.values() if d.family == family and d.into is None and story in d.stories)

    def latest(self, family: str) -> Iterator[Dossier]:
        """The open dossiers of a family, the most recently heard of first."""
        yield from (d for d in self.touched.values() if d.family == family and d.into is None)
        for dossier_id in reversed(self.state.recent.get(family, {})):
            if dossier_id not in self.touched:
                yield from self._open(dossier_id)

    def _open(self, dossier_id: UUID) -> Iterator[Dossier]:
        dossier = self.state.dossiers.get(dossier_id)
        if dossier is not None and dossier.into is None:
            yield dossier


def role_values(roles: Roles) -> dict[str, tuple[str, ...]]:
    """Roles as the values of a change."""
    return {"parties": roles.parties, "imposer": roles.imposer, "target": roles.target}
