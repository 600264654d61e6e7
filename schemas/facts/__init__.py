"""Every fact that travels, one file each; `FACTS` finds them by name."""

from schemas.base import Fact
from schemas.facts.act_taken import ActTaken
from schemas.facts.alert_raised import AlertRaised
from schemas.facts.alerts_decided import AlertsDecided, Told, ToldTogether, Untold
from schemas.facts.article_deduplicated import ArticleDeduplicated
from schemas.facts.article_extracted import ArticleExtracted
from schemas.facts.article_tagged import ArticleTagged
from schemas.facts.assertions_made import AssertionsMade
from schemas.facts.delivery_acted import DeliveryActed, DeliveryActKind
from schemas.facts.delivery_attempted import AttemptState, DeliveryAttempted
from schemas.facts.delivery_recorded import DeliveryRecorded
from schemas.facts.feedback_given import FeedbackGiven
from schemas.facts.message_suppressed import MessageSuppressed
from schemas.facts.minute_passed import MinutePassed
from schemas.facts.page_fetched import PageFetched
from schemas.facts.poll_recorded import PollRecorded, SeenPage
from schemas.facts.rule_saved import RuleSaved
from schemas.facts.sketch_kept import SketchKept
from schemas.facts.source_configured import SourceConfigured
from schemas.facts.steps_taken import Aside, DossierChanged, StepsTaken
from schemas.facts.story_revised import StoryRevised

FACTS: dict[str, type[Fact]] = {
    fact.name(): fact
    for fact in (
        ActTaken,
        AlertRaised,
        AlertsDecided,
        ArticleDeduplicated,
        ArticleExtracted,
        ArticleTagged,
        AssertionsMade,
        DeliveryActed,
        DeliveryAttempted,
        DeliveryRecorded,
        FeedbackGiven,
        MessageSuppressed,
        MinutePassed,
        PageFetched,
        PollRecorded,
        RuleSaved,
        SketchKept,
        SourceConfigured,
        StepsTaken,
        StoryRevised,
    )
}

__all__ = [
    "FACTS",
    "ActTaken",
    "AlertRaised",
    "AlertsDecided",
    "ArticleDeduplicated",
    "ArticleExtracted",
    "ArticleTagged",
    "Aside",
    "AssertionsMade",
    "AttemptState",
    "DeliveryActKind",
    "DeliveryActed",
    "DeliveryAttempted",
    "DeliveryRecorded",
    "DossierChanged",
    "FeedbackGiven",
    "MessageSuppressed",
    "MinutePassed",
    "PageFetched",
    "PollRecorded",
    "RuleSaved",
    "SeenPage",
    "SketchKept",
    "SourceConfigured",
    "StepsTaken",
    "StoryRevised",
    "Told",
    "ToldTogether",
    "Untold",
]
