"""The kept copy of an article, and its versions compared word by word: read from the log when somebody opens them."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from schemas.articles import Article
from services.desk.differing import Run, difference, is_changed
from services.desk.pages.frame import context_of, page
from services.desk.queries import looking

SHOWN = 8
router = APIRouter(include_in_schema=False)


@router.get("/kept/{version}", response_class=HTMLResponse)
def kept(request: Request, version: UUID) -> HTMLResponse:
    """One version as it was read, as text."""
    context = context_of(request)
    with context.db() as db:
        place = looking.place_of_text(db, str(version))
    if place is None:
        raise HTTPException(404)
    return page(request, "kept.html", "", article=context.texts.read(*place))


@router.get("/articles/{article}", response_class=HTMLResponse)
def versions(request: Request, article: UUID) -> HTMLResponse:
    """The latest versions of an article, newest first, each with what it changed."""
    context = context_of(request)
    with context.db() as db:
        known = looking.versions_of(db, str(article))[-SHOWN:]
    if not known:
        raise HTTPException(404)
    texts = [context.texts.read(row["part"], row["offset"]) for row in known]
    changes = [(), *(_changed(old, new) for old, new in pairwise(texts))]
    shown = list(zip(known, texts, changes, strict=True))
    return page(request, "versions.html", "", versions=list(reversed(shown)))


def _changed(old: Article | None, new: Article | None) -> tuple[Run, ...]:
    if old is None or new is None:
        return ()
    runs = difference(f"{old.headline}\n{old.text}", f"{new.headline}\n{new.text}")
    return runs if is_changed(runs) else ()
