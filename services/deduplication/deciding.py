"""Decides of every article version whether it is an original, a copy or a revision, whose text it is, and what story it tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from uuid import UUID

import numpy as np

from runtime.handling import Answer, Output, Reject
from schemas.articles import CopyDecision, Copying
from schemas.base import Fact, Meta, Position, answering
from schemas.facts import ArticleDeduplicated, ArticleExtracted, SketchKept, StoryRevised
from schemas.ids import derive, fact_id, version_id
from schemas.outcomes import Outcome
from schemas.sketching import KIND, Reading, reading_of, sketched
from services.deduplication.copies import Found, alike, asked, copy_of, revision_of
from services.deduplication.differences import differences
from services.deduplication.index import Held
from services.deduplication.origins import agency_of, outlet_of
from services.deduplication.stories import MERGE, Telling, tellings
from services.deduplication.window import CHUNK, Window, milliseconds
from services.deduplication.wordings import Wordings

CAP = 64
"""Newest holders of one key that are looked at."""


@dataclass(frozen=True)
class StoryFound:
    """The story of a version, the one that is merged into it, and earlier versions that move to it."""

    story: UUID
    merged: UUID | None = None
    moved: tuple[UUID, ...] = ()
    left: UUID | None = None


class Deduplicating:
    """The decider of copies and stories. `wordings` gives the exact wording of candidates."""

    name = "deduplication"
    inbox = "articles-extracted"
    memory = "sketches-kept"

    def __init__(self, wordings: Wordings, window: timedelta = timedelta(hours=72)) -> None:
        self.wordings = wordings
        self.window = window

    def initial(self) -> Window:
        """Nothing remembered."""
        return Window(self.window)

    def remembers(self, fact: Fact) -> bool:
        """Every sketch is a memory of this service."""
        return isinstance(fact, SketchKept)

    def evolve(self, state: Window, fact: Fact) -> Window:
        """The window with one more version."""
        if isinstance(fact, SketchKept):
            state.add(fact)
        return state

    def decide(self, state: Window, fact: Fact, position: Position) -> Answer:
        """What this version is. Raises `Reject` for a fact that is no article, `Retry` while a wording cannot be read."""
        if not isinstance(fact, ArticleExtracted):
            raise Reject(f"{fact.name()} in {self.inbox}: only ArticleExtracted is read here; look for its writer")
        reading = reading_of(fact.article.headline, fact.article.text)
        self.wordings.keep(position.offset, fact.article.version, reading)
        if state.count and state.count % CHUNK == 0:
            self.wordings.forget(state.first_offset)
        deciding = _Deciding(state, fact, position, reading, self.wordings)
        return deciding.answer()


class _Deciding:
    """One decision: what is looked up once for it."""

    def __init__(
        self, state: Window, fact: ArticleExtracted, position: Position, reading: Reading, wordings: Wordings
    ) -> None:
        self.state, self.fact, self.position, self.reading = state, fact, position, reading
        self.article = fact.article
        self._wordings = wordings
        self._read: dict[int, Reading] = {}
        state.settle()
        self.earlier = state.versions_of(self.article.article)

    @cached_property
    def _meta(self) -> Meta:
        return answering(self.fact, self.position)

    @cached_property
    def _terms_held(self) -> Held:
        return self.state.index.find(self.reading.strongest[0], CAP)

    def answer(self) -> Answer:
        """The facts that answer this version, its memory last."""
        found = self._found()
        told = self._story(found)
        copying = self._copying(found, told.story)
        outputs = [self._output("articles-deduplicated", self._deduplicated(copying))]
        outputs += [Output("tracking-inbox", str(fact.story), fact) for fact in self._revised(told)]
        outputs.append(self._output("sketches-kept", self._kept(copying, told)))
        return Answer(Outcome.published, tuple(outputs), f"{copying.decision}: {copying.reason}")

    def read(self, number: int) -> Reading:
        """The exact reading of a remembered version."""
        if number not in self._read:
            offset = int(self.state.row(number)["offset"])
            self._read[number] = self._wordings.read(offset, self.state.version(number))
        return self._read[number]

    def _found(self) -> Found:
        if self.earlier:
            return self._revision()
        candidates = alike(self.state, self.state.index.find(asked(self.reading), CAP))
        found = copy_of(self.state, self.reading, outlet_of(self.article), candidates, self.read)
        if found.number is None and self.article.previous_page:
            return Found(CopyDecision.revision, None, None, "same_address_as_a_forgotten_version")
        return found

    def _revision(self) -> Found:
        """A version of a remembered article: of the one that was fetched before it, even if later ones came in first."""
        fetched = milliseconds(self.article.fetched)
        before = [number for number in self.earlier if self.state.seen(number) <= fetched]
        found = revision_of(self.reading, (before or self.earlier[:1])[-1], self.read)
        return found if len(before) == len(self.earlier) else replace(found, reason="same_address_came_in_late")

    def _of(self, found: Found) -> UUID | None:
        if found.number is not None:
            return self.state.version(found.number)
        if found.decision is CopyDecision.revision and self.article.previous_page:
            return version_id(self.article.article, self.article.previous_page)
        return None

    def _tellings(self) -> list[Telling]:
        return tellings(self.state, self.reading, self._terms_held, self.reading.strongest[1], self.read)

    def _story(self, found: Found) -> StoryFound:
        if found.number is None:
            return self._new_story()
        story = self.state.story(found.number)
        if self.earlier and found.comparison and not found.comparison.kinship.one_text:
            return self._told_apart(story)
        return StoryFound(story)

    def _new_story(self) -> StoryFound:
        near = [telling for telling in self._tellings() if telling.joins]
        if not near:
            return StoryFound(derive("story", self.article.version))
        sure = sorted((t for t in near if t.likeness >= MERGE), key=lambda t: t.first)[:2]
        if len(sure) == 2:
            return StoryFound(sure[0].story, merged=sure[1].story)
        return StoryFound(near[0].story)

    def _told_apart(self, story: UUID) -> StoryFound:
        """A revision with another text may show that the article was taken for another story than it tells."""
        own = set(self.earlier)
        held = self._terms_held
        others = ~np.isin(held.numbers, list(own))
        rest = Held(held.places[others], held.numbers[others], held.weights[others])
        near = tellings(self.state, self.reading, rest, self.reading.strongest[1], self.read)
        joined = [telling for telling in near if telling.joins]
        if not joined or any(telling.story == story for telling in joined):
            return StoryFound(story)
        moved = tuple(self.state.version(n) for n in self.earlier if self.state.story(n) == story)
        return StoryFound(joined[0].story, moved=moved, left=story)

    def _copying(self, found: Found, story: UUID) -> Copying:
        credited = agency_of(self.article) or outlet_of(self.article)
        comparison = found.comparison
        return Copying(
            decision=found.decision,
            of=self._of(found),
            similarity=round(comparison.containment, 4) if comparison else 0.0,
            origin=credited if found.number is None else self.state.origin(found.number),
            story=story,
            reason=found.reason,
            differs=() if found.number is None else differences(self.article, self.reading, self.read(found.number)),
        )

    def _revised(self, told: StoryFound) -> list[StoryRevised]:
        if not told.merged and not told.moved:
            return []
        meta, revised = self._meta, fact_id("StoryRevised", self.fact.id)
        if told.merged:
            return [
                StoryRevised(
                    id=revised, meta=meta, story=told.story, instead_of=told.merged, reason="one_article_tells_both"
                )
            ]
        if told.left and told.moved:
            reason = "revision_tells_another_story"
            return [
                StoryRevised(
                    id=revised, meta=meta, story=told.story, instead_of=told.left, versions=told.moved, reason=reason
                )
            ]
        return []

    def _deduplicated(self, copying: Copying) -> ArticleDeduplicated:
        return ArticleDeduplicated(
            id=fact_id("ArticleDeduplicated", self.fact.id),
            meta=self._meta,
            article=self.article,
            copying=copying,
        )

    def _kept(self, copying: Copying, told: StoryFound) -> SketchKept:
        return SketchKept(
            id=fact_id("SketchKept", self.fact.id),
            meta=self._meta,
            article=self.article.article,
            version=self.article.version,
            decision=copying.decision,
            of=copying.of,
            origin=copying.origin,
            story=copying.story,
            seen=self.article.fetched,
            sketch=self.fact.sketch if self.fact.sketch.kind == KIND else sketched(self.reading),
            outlet=outlet_of(self.article),
            merged=told.merged,
            moved=told.moved,
        )

    def _output(self, topic: str, fact: Fact) -> Output:
        return Output(topic, str(self.article.article), fact)
