"""Derived ids: the same input has the same id, in every run and on every machine."""

from __future__ import annotations

from uuid import UUID, uuid5

ROOT = uuid5(UUID(int=0), "copytaster")
"""The namespace of every id here; itself derived from the product's name."""


def derive(kind: str, *parts: object) -> UUID:
    """The id of a thing of this kind with these parts (uuid5, RFC 9562); the order of the parts counts."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return uuid5(ROOT, f"{kind}\x1e{joined}")


def page_id(final_url: str, body_sha256: str, previous: UUID | None) -> UUID:
    """A page is what one URL answered after what it had answered before (so A, B, A are three pages)."""
    return derive("page", final_url, body_sha256, previous)


def article_id(canonical_url: str) -> UUID:
    """An article is what stands under one canonical URL, whatever its text."""
    return derive("article", canonical_url)


def version_id(article: UUID, page: UUID) -> UUID:
    """A version is one article as one page showed it."""
    return derive("version", article, page)


def assertion_id(version: UUID, place: int) -> UUID:
    """The `place`-th assertion of a version, in the order of the text."""
    return derive("assertion", version, place)


def step_id(version: UUID, place: int) -> UUID:
    """The `place`-th step that a version brought."""
    return derive("step", version, place)


def alert_id(person: str, version: UUID, dossier: UUID) -> UUID:
    """What one person is told of one version; `dossier` is that of the lead. For what a minute brings, the minute stands for the version."""
    return derive("alert", person, version, dossier)


def minute_id(minute: str) -> UUID:
    """One passed minute, `minute` in ISO 8601 to the minute, UTC."""
    return derive("minute", minute)


def fact_id(name: str, cause: UUID, place: int = 0) -> UUID:
    """The `place`-th fact of this name that answers one cause."""
    return derive(name, cause, place)


def trace_id(root: UUID) -> str:
    """The trace of everything that follows from this root."""
    return derive("trace", root).hex
