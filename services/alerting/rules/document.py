"""A rule as people write it: a readable document; every clause is optional."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from schemas.assertions import Polarity, Reality
from schemas.base import Time
from schemas.families import families
from schemas.steps import Kind

ROLES = ("party", "imposer", "target", "speaker")
TOLD_UNASKED = (Reality.actual, Reality.scheduled, Reality.conditional)
SHORT = {
    "statuses": "status",
    "groups": "group",
    "kinds": "kind",
    "parties": "party",
    "families": "family",
    "name": "title",
    "id": "rule",
}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Group(_Strict):
    """Of the values that a text has: at least one of `any`, every one of `all`, not one of `none`.

    `or_not_stated` lets `any` and `all` hold also where the text states nothing.
    """

    any: Names = ()
    all: Names = ()
    none: Names = ()
    or_not_stated: bool = False

    @model_validator(mode="before")
    @classmethod
    def _list_means_any(cls, value: Any) -> Any:
        return {"any": value} if isinstance(value, str | list | tuple) else value


class Roles(_Strict):
    """Who takes part: states by code (`RU`), `EU`, `UN`, `NATO`, groups, firms and persons by name."""

    party: Group | None = None
    imposer: Group | None = None
    target: Group | None = None
    speaker: Group | None = None


class Certainty(_Strict):
    """How sure: `confirmed` by a party or a legal text, or at least `or_origins` independent origins; and the detector's `confidence`."""

    confirmed: bool = False
    or_origins: int | None = Field(default=None, ge=1, le=50)
    confidence: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="before")
    @classmethod
    def _word_means_confirmed(cls, value: Any) -> Any:
        return {"confirmed": True} if value == "confirmed" else {} if value == "anything" else value


def _span(value: Any) -> Any:
    """`90m`, `2h`, `3d` to a time span."""
    units = {"m": "minutes", "h": "hours", "d": "days"}
    if isinstance(value, str) and value[:-1].isdigit() and value[-1:] in units:
        return timedelta(**{units[value[-1]]: int(value[:-1])})
    if isinstance(value, timedelta):
        return value
    raise ValueError(f"{value!r} is no time span: write a number with m, h or d, as 90m, 6h or 3d")


Span = Annotated[timedelta, BeforeValidator(_span)]


class Sequence(_Strict):
    """One status after another in one dossier, within a time."""

    first: str
    then: str
    within: Span


class Absence(_Strict):
    """A term passed and nothing was heard: `of` is where the term stands, `after` how long silence is borne."""

    of: Literal["effective_from", "ends_at"] = "effective_from"
    after: Span = timedelta(hours=2)


def _clock(value: Any) -> Any:
    if isinstance(value, int):  # YAML reads an unquoted 23:00 as a number in base 60
        value = f"{value // 60:02}:{value % 60:02}"
    hours, _, minutes = str(value).partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise ValueError(f"{value!r} is no time of day: write it as 23:00")
    return f"{int(hours):02}:{int(minutes):02}"


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{value!r} is no time zone: write a name as Europe/London or Asia/Kolkata") from error
    return value


Clock = Annotated[str, BeforeValidator(_clock)]
Zone = Annotated[str, AfterValidator(_zone)]


class Quiet(_Strict):
    """Hours in which the person is not disturbed; what is urgent comes through unless `urgent_too`. Without `zone` the person's own counts."""

    since: Clock = Field(alias="from")
    until: Clock
    zone: Zone | None = None
    urgent_too: bool = False
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Escalation(_Strict):
    """Who is told when the alert was not acknowledged `after` a time."""

    after: Span
    to: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")


class Channel(_Strict):
    """Where alerts of this rule go: `name` as in the operator's file of people, never an address or a secret."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    only: Literal["always", "urgent"] = "always"
    digest: Literal["hourly", "daily"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _word_means_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


def _kinds(value: Any) -> Any:
    named = {"advances": (Kind.new, Kind.advanced), "steps_back": (Kind.stepped_back,)}
    listed = _listed(value)
    if not isinstance(listed, list | tuple):
        return value
    return tuple(kind for each in listed for kind in named.get(str(each), (each,)))


def _realities(value: Any) -> Any:
    return tuple(Reality) if value == "any" else _listed(value)


class Examples(_Strict):
    """Steps that the rule must match and must not, each as the words of a subject; they run at every change of the rule."""

    match: tuple[dict[str, Any], ...] = ()
    never: tuple[dict[str, Any], ...] = ()


class RuleDocument(_Strict):
    """One rule. A clause that is absent holds always; all clauses that are there must hold.

    `reality` is by default what is actual, scheduled or conditional. `polarity` is by default affirmed where the rule names statuses or
    groups, and either where it does not. `kind: advances` is the first step of a dossier or a higher rung.
    """

    rule: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9-]{0,63})?$")
    person: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9.-]{0,63})?$")
    title: str = Field(default="", max_length=200)
    family: Names = ()
    status: Names = ()
    group: Names = ()
    kind: Annotated[tuple[Kind, ...], BeforeValidator(_kinds)] = ()
    reality: Annotated[tuple[Reality, ...], BeforeValidator(_realities)] = TOLD_UNASKED
    polarity: Literal["affirmed", "negated", "any"] | None = None
    roles: Roles = Roles()
    entities: Group | None = None
    places: Group | None = None
    sources: Group | None = None
    languages: Group | None = None
    words: Group | None = None
    certainty: Certainty | None = None
    tier: int | None = Field(default=None, ge=0, le=3, description="the best source's tier is at most this")
    origins: int | None = Field(default=None, ge=1, le=50, description="at least so many independent origins")
    or_legal_text: bool = Field(default=False, description="`origins` holds also for one legal text")
    novelty: Literal["steps", "corroboration"] = "steps"
    sequence: Sequence | None = None
    absence: Absence | None = None
    new_names: int | None = Field(default=None, ge=1, description="at least so many new names on a list")
    younger_than: Span | None = None
    quiet: Quiet | None = None
    channels: tuple[Channel, ...] = ()
    until: Time | None = Field(default=None, description="the rule ends then")
    follow: UUID | None = Field(default=None, description="only this dossier")
    escalate: Escalation | None = Field(default=None, description="whom to tell when nobody acknowledges in time")
    examples: Examples = Examples()

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(  # noqa: TRY004 - pydantic reports ValueError
                f"a rule is a list of clauses, and this is a {type(value).__name__}: write `family: …`"
            )
        body = {SHORT.get(key, key): each for key, each in value.items()}
        if roles := {name: body.pop(name) for name in ROLES if name in body}:
            body["roles"] = roles | dict(body.get("roles") or {})
        return body

    @model_validator(mode="after")
    def _known_names(self) -> RuleDocument:
        known = families()
        _all_in("family", self.family, known)
        wanted = [known[name] for name in self.family or known]
        statuses = {name for family in wanted for name in family.statuses}
        _all_in("status", self.status, statuses)
        _all_in("group", self.group, {name for family in wanted for name in family.groups})
        for part in ("first", "then") if self.sequence else ():
            _all_in("sequence", (getattr(self.sequence, part),), statuses, part)
        return self

    @property
    def affirmed_only(self) -> bool:
        """Whether a step that is denied or negated is none of this rule's business."""
        named = bool(self.status or self.group or Kind.advanced in self.kind)
        return named if self.polarity is None else self.polarity == Polarity.affirmed

    @property
    def wants_it_sure(self) -> bool:
        """Whether a report that was not sure enough may become so."""
        return self.certainty is not None or self.origins is not None or self.tier is not None


class NotKnown(ValueError):  # noqa: N818 - says what the value is
    """A name that no family has; `place` is where it stands in the rule, as pydantic writes places."""

    def __init__(self, clause: str, place: tuple[str | int, ...], value: str, known: Iterable[str]) -> None:
        super().__init__(f"{clause} {value!r} is not known; it is one of {', '.join(sorted(known))}")
        self.place = place


def _all_in(clause: str, values: tuple[str, ...], known: Collection[str], part: str | None = None) -> None:
    for number, value in enumerate(values):
        if value not in known:
            raise NotKnown(clause, (clause, number if part is None else part), value, known)
