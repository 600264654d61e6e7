"""What tracking remembers: dossiers, the steps that each has taken, and what each article claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

Particulars = dict[str, tuple[str, ...]]
Details = tuple[tuple[str, tuple[str, ...]], ...]
"""The particulars and slots of a claim, by name, that a new version may change."""
Known = tuple["Roles", frozenset[str], frozenset[UUID]]
"""What is known of a dossier beside its steps: roles, lands, stories."""


class Fall(StrEnum):
    """How a step came to stand no longer: a denial, a text that no longer says it, a person."""

    denied = "denied"
    unsaid = "unsaid"
    retracted = "retracted"


@dataclass(frozen=True)
class Roles:
    """Who it is about, as stated; empty means not stated."""

    parties: tuple[str, ...] = ()
    imposer: tuple[str, ...] = ()
    target: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """One step that a dossier took. `supporters` are the articles that say it; `day` is the day that its first report stands for.

    `told` is false for what came too late to be news; `fallen` says how it fell, if it no longer stands.
    """

    id: UUID
    status: str
    reality: str
    polarity: str
    particulars: Particulars
    at: datetime
    day: date
    assertion: UUID | None
    roles: Roles
    tier: int
    confirmed: bool
    origins: tuple[str, ...]
    supporters: tuple[UUID, ...]
    outlets: tuple[str, ...]
    told: bool
    last_told: date
    fallen: Fall | None = None
    said_by: str = ""
    duration: str | None = None
    starts: str | None = None

    @property
    def stands(self) -> bool:
        """Whether nothing has brought it down."""
        return self.fallen is None

    @property
    def counts(self) -> bool:
        """Whether the dossier has been on it: what one side denies has been told all the same."""
        return self.fallen in (None, Fall.denied)

    @property
    def happened(self) -> bool:
        """Told as done, and standing."""
        return self.stands and self.reality == "actual" and self.polarity == "affirmed"


@dataclass
class Dossier:
    """One running matter. `before` is what background told of it; `term` when it is to end, if that was said."""

    id: UUID
    family: str
    opened: datetime
    heard: datetime
    roles: Roles = Roles()
    theatre: str | None = None
    lands: frozenset[str] = frozenset()
    stories: frozenset[UUID] = frozenset()
    taken: list[Taken] = field(default_factory=list)
    before: tuple[str, str] | None = None
    term: datetime | None = None
    term_of: UUID | None = None
    deadline: datetime | None = None
    held_back: int = 0
    into: UUID | None = None

    def copy(self) -> Dossier:
        """A draft of it; what it holds is immutable but for the list of steps."""
        return Dossier(**{**self.__dict__, "taken": list(self.taken)})

    def find(self, step: UUID) -> int | None:
        """The place of a step among those taken."""
        return next((place for place, taken in enumerate(self.taken) if taken.id == step), None)


@dataclass(frozen=True)
class Claim:
    """What an article says in its latest version, or said in an earlier one (`lost`), and the step that this is."""

    assertion: UUID
    family: str
    status: str
    reality: str
    polarity: str
    main: bool
    dossier: UUID
    step: UUID | None
    details: Details = ()
    lost: bool = False


@dataclass(frozen=True)
class Kept:
    """An article's latest version and its claims."""

    version: UUID
    at: datetime
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Deed:
    """What an act of a person did, so that it can be undone; `before` is what a merge added to."""

    kind: str
    dossier: UUID | None = None
    other: UUID | None = None
    step: UUID | None = None
    before: Known | None = None


@dataclass
class State:
    """Everything that tracking knows: a fold of its own `StepsTaken`. `by_role` and `by_story` find dossiers without a scan."""

    dossiers: dict[UUID, Dossier] = field(default_factory=dict)
    by_role: dict[tuple[str, str], dict[UUID, None]] = field(default_factory=dict)
    by_story: dict[UUID, dict[UUID, None]] = field(default_factory=dict)
    by_step: dict[UUID, UUID] = field(default_factory=dict)
    recent: dict[str, dict[UUID, None]] = field(default_factory=dict)
    articles: dict[UUID, Kept] = field(default_factory=dict)
    deeds: dict[UUID, Deed] = field(default_factory=dict)
    swept: date | None = None
