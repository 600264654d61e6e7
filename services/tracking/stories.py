"""Two stories that turn out to be one: what belonged to the one belongs to the other, and an unnamed dossier may find its home."""

from __future__ import annotations

from uuid import UUID

from schemas.facts import StoryRevised
from services.tracking.dossiers import Dossier, State
from services.tracking.draft import Draft
from services.tracking.roles import all_keys


def revise(state: State, revised: StoryRevised) -> Draft:
    """The draft after a story was revised: its dossiers are found by the new story too."""
    draft = Draft(state, revised.meta.root_at)
    for dossier_id in list(state.by_story.get(revised.instead_of, ())):
        dossier = draft.get(dossier_id)
        if dossier is not None and _concerns(state, dossier, revised):
            draft.change(dossier.id, "story", revised.reason, story=(str(revised.story),))
            _join_home(draft, dossier, revised.story)
    return draft


def _concerns(state: State, dossier: Dossier, revised: StoryRevised) -> bool:
    """Whether one of the versions that changed their story is what the dossier knows of it; all are, if none is named."""
    named = set(revised.versions)
    return not named or any(
        kept.version in named and any(claim.dossier == dossier.id for claim in kept.claims)
        for kept in state.articles.values()
    )


def _join_home(draft: Draft, dossier: Dossier, story: UUID) -> None:
    """A dossier without roles joins the only one of its family that has this story and roles; a person can undo it by `split`."""
    if all_keys(dossier.roles):
        return
    homes = [d for d in draft.with_story(dossier.family, story) if d.id != dossier.id and all_keys(d.roles)]
    if len(homes) == 1:
        draft.change(
            dossier.id, "merged", "roles not stated; its story is that of this dossier", into=(str(homes[0].id),)
        )
