"""The system on one screen: every topic, what it carries, its key, how long it is kept, who writes it, who reads it."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import facts as f
from schemas.base import Fact

DAY = 24 * 3600 * 1000
WINDOW_HOURS = 72
DEAD_LETTERS = "-dlq"


@dataclass(frozen=True)
class Topic:
    """One topic. `kept_ms` is in milliseconds, None for ever; `compacted` keeps the last message of each key."""

    name: str
    carries: tuple[type[Fact], ...]
    key: str
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    because: str
    partitions: int = 1
    kept_ms: int | None = None
    compacted: bool = False

    @property
    def dead_letters(self) -> str:
        """The topic that takes this one's dead letters."""
        return self.name + DEAD_LETTERS


PEOPLE = ("desk", "console")
ALL_READERS = ("scraping", "extraction", "deduplication", "tagging", "tracking", "alerting", "delivery")

TOPICS: tuple[Topic, ...] = (
    Topic("sources", (f.SourceConfigured,), "source", PEOPLE, ("scraping", "desk"), "what is polled", compacted=True),
    Topic(
        "pages-fetched",
        (f.PageFetched,),
        "URL",
        ("scraping",),
        ("extraction",),
        "raw bytes: rebuilding starts here",
        partitions=12,
        kept_ms=30 * DAY,
    ),
    Topic(
        "polls-recorded",
        (f.PollRecorded,),
        "source",
        ("scraping",),
        ("scraping", "desk"),
        "cursors of the sources",
        compacted=True,
    ),
    Topic(
        "articles-extracted",
        (f.ArticleExtracted,),
        "article",
        ("extraction",),
        ("deduplication",),
        "one order for copies",
        kept_ms=7 * DAY,
    ),
    Topic(
        "articles-deduplicated",
        (f.ArticleDeduplicated,),
        "article",
        ("deduplication",),
        ("tagging", "desk"),
        "copies recognised; kept texts, read where they stand",
        partitions=12,
        kept_ms=7 * DAY,
    ),
    Topic(
        "sketches-kept",
        (f.SketchKept,),
        "article",
        ("deduplication",),
        ("deduplication",),
        "the fold of deduplication",
        kept_ms=WINDOW_HOURS * 3600 * 1000,
    ),
    Topic(
        "articles-tagged",
        (f.ArticleTagged,),
        "article",
        ("tagging",),
        ("desk",),
        "who, where; the desk's heads",
        partitions=12,
        kept_ms=7 * DAY,
    ),
    Topic(
        "tracking-inbox",
        (f.AssertionsMade, f.StoryRevised, f.MinutePassed, f.ActTaken),
        "article, story, minute or act",
        ("tagging", "deduplication", "clock", *PEOPLE),
        ("tracking", "desk"),
        "all that tracking knows, in one order",
    ),
    Topic(
        "alerting-inbox",
        (f.StepsTaken, f.RuleSaved, f.MinutePassed, f.ActTaken),
        "article, rule, minute or act",
        ("tracking", "clock", *PEOPLE),
        ("alerting", "tracking", "desk"),
        "steps, rules and time in one order; the fold of tracking",
    ),
    Topic(
        "alerts-raised",
        (f.AlertRaised,),
        "person",
        ("alerting",),
        ("delivery", "desk"),
        "who is to be told",
        partitions=12,
    ),
    Topic(
        "alerts-decided",
        (f.AlertsDecided,),
        "article, rule, minute or act",
        ("alerting",),
        ("alerting", "desk"),
        "the fold of alerting: who was told and who was not",
    ),
    Topic("delivery-acts", (f.DeliveryActed,), "person", PEOPLE, ("delivery", "desk"), "pause, resume, resend, test"),
    Topic(
        "deliveries-attempted",
        (f.DeliveryAttempted,),
        "alert and channel",
        ("delivery",),
        ("delivery", "desk"),
        "the ledger",
        partitions=12,
        compacted=True,
    ),
    Topic(
        "deliveries-recorded",
        (f.DeliveryRecorded,),
        "alert and channel",
        ("delivery",),
        ("desk",),
        "how each alert fared",
    ),
    Topic(
        "messages-suppressed",
        (f.MessageSuppressed,),
        "about",
        ALL_READERS,
        ("desk",),
        "why not?",
        kept_ms=7 * DAY,
    ),
    Topic("feedback-given", (f.FeedbackGiven,), "person", PEOPLE, ("desk",), "what people found wrong or missing"),
)

BY_NAME = {topic.name: topic for topic in TOPICS}
DEAD_LETTERS_KEPT_MS = 30 * DAY
