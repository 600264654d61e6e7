"""What one version of one article does to the dossiers: `AssertionsMade` into steps, asides and changes."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from schemas import ids
from schemas.articles import Head
from schemas.assertions import Assertion
from schemas.facts import Aside, AssertionsMade
from schemas.families import Family
from services.tracking import claims, matching, terms
from services.tracking.clues import Clue, Match
from services.tracking.dossiers import Dossier, Roles, State
from services.tracking.draft import Draft, role_values
from services.tracking.folding import day_of
from services.tracking.judging import Report, judge, known
from services.tracking.names import credible, names_in
from services.tracking.sameness import polarity_of
from services.tracking.telling import NOT_STATED, step_of

NO_NEWS = frozenset({"historical", "background"})
TOLD_BEFORE = frozenset({"background", "actual", "scheduled"})
"""Realities of the background that say where a dossier stands; history and conditions do not."""
HOUR = 3600
SURE_ENOUGH = 0.5


def report_of(made: AssertionsMade) -> Report:
    """The article's head as tracking sees it."""
    head = made.head
    origin = head.copying.origin if head.copying else head.outlet.name or head.outlet.source
    return Report(head, head.fetched, day_of(head, head.fetched), origin, too_late(head, made.meta.late))


def too_late(head: Head, replayed: bool) -> str | None:
    """Why an article can bring no news: replayed, old, or the first poll's back-fill but for its last hour."""
    if replayed:
        return "late: replayed from the dead letters"
    if head.old:
        return "late: published over a day before it was fetched"
    fresh = head.published is not None and (head.fetched - head.published).total_seconds() <= HOUR
    return "late: came with the first poll of its source" if head.backfill and not fresh else None


def answer(state: State, made: AssertionsMade, families: Mapping[str, Family]) -> Draft:
    """The draft after one version of an article. For a revision, what it no longer says is corrected before what it says now is judged."""
    article = Reading(made, families)
    draft = _told(Draft(state, made.head.fetched, made.head), article)
    gone = claims.lost(draft, made, families)
    if not gone:
        return draft
    corrected = Draft(state, made.head.fetched, made.head)
    claims.correct(corrected, gone, made, families)
    return _told(corrected, article)


class Reading:
    """One article taken apart: its head, its news and its background in the text's order, and the names in it."""

    def __init__(self, made: AssertionsMade, families: Mapping[str, Family]) -> None:
        known = [said for said in made.assertions if said.family in families]
        self.families = families
        self.report = report_of(made)
        self.names = names_in(made.entities)
        self.news = [said for said in known if not (_is_background(said) or _is_unsure(said))]
        self.background = [said for said in known if _is_background(said)]
        self.unsure = [said for said in known if _is_unsure(said) and not _is_background(said)]

    def roles(self, said: Assertion) -> Roles:
        """Who it is about, as far as that can be."""
        rung = self.families[said.family].rung(said.status)
        return credible(said, self.names, calls=rung is not None and rung[1] == 0)

    def clue(self, said: Assertion, roles: Roles, draft: Draft) -> Clue:
        """What an assertion offers to find its dossier by."""
        return matching.clue_of(self.families[said.family], said, roles, self.names, draft)


def _told(draft: Draft, article: Reading) -> Draft:
    for said in article.news:
        for roles in split_allies(article.roles(said)):
            _tell(draft, said, article.clue(said, roles, draft), article)
    for said in (*article.background, *article.unsure):
        for roles in split_allies(article.roles(said)):
            _set_aside(draft, said, article.clue(said, roles, draft), article.report)
    return draft


def split_allies(roles: Roles) -> tuple[Roles, ...]:
    """Allied imposers are one dossier each."""
    if len(roles.imposer) < 2:
        return (roles,)
    return tuple(Roles(roles.parties, (imposer,), roles.target) for imposer in roles.imposer)


def _is_unsure(said: Assertion) -> bool:
    """Whether the tagger thinks it likelier wrong than right: kept, shown in "why not", and no step."""
    return said.confidence < SURE_ENOUGH


def _is_background(said: Assertion) -> bool:
    return not said.main or said.reality in NO_NEWS


def _tell(draft: Draft, said: Assertion, clue: Clue, article: Reading) -> None:
    clue = matching.trusted(draft, clue)
    report, match = article.report, matching.find(draft, clue)
    dossier = _open(draft, said, clue) if match is None else _hear(draft, clue, match)
    if not dossier.taken and dossier.before is None:
        _look_back(draft, dossier, article)
    alone = sum((other.family, other.status) == (said.family, said.status) for other in article.news) == 1
    verdict = claims.amended(draft, dossier, said, judge(dossier, clue.family, said, report), alone)
    if verdict.of and any(verdict.of.id in (step.id, step.of) for step in draft.steps):
        draft.asides.append(
            Aside(assertion=said.id, dossier=dossier.id, step=verdict.of.id, reason="the same step, told above")
        )
        return
    place = len(draft.steps)
    step = step_of(dossier, clue.family, said, verdict, report, ids.step_id(report.head.version, place), place)
    draft.take(step)
    terms.set_by(draft, dossier, clue.family, step)


def _look_back(draft: Draft, dossier: Dossier, article: Reading) -> None:
    """Let the report's background tell a dossier that has taken no step yet what it was before: its highest rung, else its last status."""
    family = article.families[dossier.family]
    told = [
        said
        for said in article.background
        if said.family == dossier.family
        and said.reality in TOLD_BEFORE
        and polarity_of(said) == "affirmed"
        and matching.fits(dossier, article.clue(said, article.roles(said), draft))
    ]
    said = max(told, key=lambda said: (family.rung(said.status) or ("", -1))[1], default=None)
    if said is not None:
        draft.change(
            dossier.id, "background", "the report's background tells it", status=(said.status,), reality=(said.reality,)
        )


def _open(draft: Draft, said: Assertion, clue: Clue) -> Dossier:
    """A dossier of its own: its id is the assertion's; for allied imposers the imposer is added to it."""
    taken = draft.get(said.id) is not None
    dossier_id = ids.derive("assertion", said.id, *clue.roles.imposer) if taken else said.id
    named = any(getattr(clue.roles, role) for role in clue.family.roles)
    reason = "no dossier has these roles" if named else NOT_STATED
    draft.change(dossier_id, "opened", reason, family=(clue.family.family,), **_heard_values(clue))
    return draft.touched[dossier_id]


def _hear(draft: Draft, clue: Clue, match: Match) -> Dossier:
    draft.change(match.dossier.id, "heard", match.reason, **_heard_values(clue))
    return draft.touched[match.dossier.id]


def _heard_values(clue: Clue) -> dict[str, tuple[str, ...]]:
    story: tuple[UUID, ...] = (clue.story,) if clue.story else ()
    theatre = (clue.theatre,) if clue.theatre else ()
    named = any(getattr(clue.roles, role) for role in clue.family.roles)
    lands = tuple(sorted(clue.lands if named else clue.lands | {mark for mark in clue.sentence if len(mark) == 2}))
    return role_values(clue.roles) | {"theatre": theatre, "lands": lands, "story": tuple(map(str, story))}


def _set_aside(draft: Draft, said: Assertion, clue: Clue, report: Report) -> None:
    """Background makes no step; the step that it recalls, if one is known, is named, so that a revision still says it."""
    match = matching.find(draft, clue)
    recalled = known(match.dossier, clue.family, said, report) if match else None
    reason = _why_aside(said)
    dossier = match.dossier.id if match else None
    draft.asides.append(
        Aside(assertion=said.id, dossier=dossier, step=recalled.id if recalled else None, reason=reason)
    )


def _why_aside(said: Assertion) -> str:
    if not _is_background(said):
        return f"not sure enough to be a step: confidence {said.confidence:.2f}"
    return "history" if said.reality == "historical" else "background of the report"
