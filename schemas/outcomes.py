"""How a message can end: each reason with one sentence. Every message that is read ends in exactly one of these."""

from __future__ import annotations

from enum import StrEnum


class Ending(StrEnum):
    """The three ways to end."""

    published = "published"
    suppressed = "suppressed"
    dead_lettered = "dead_lettered"


class Outcome(StrEnum):
    """A named reason; `SENTENCES` says what it means and `ending` which of the three ways it is."""

    published = "published"
    noted = "noted"
    repeat = "repeat"
    not_for_this_reader = "not_for_this_reader"
    page_unchanged = "page_unchanged"
    no_text = "no_text"
    not_an_article = "not_an_article"
    error_page = "error_page"
    not_allowed = "not_allowed"
    gate_stopped = "gate_stopped"
    language_not_read = "language_not_read"
    malformed = "malformed"
    unknown_fact = "unknown_fact"
    invalid = "invalid"
    rejected = "rejected"
    took_too_long = "took_too_long"
    worker_died = "worker_died"
    retries_spent = "retries_spent"
    bug = "bug"
    page_too_large = "page_too_large"
    output_too_large = "output_too_large"

    @property
    def ending(self) -> Ending:
        """Which of the three ways this is."""
        return ENDINGS[self]

    @property
    def sentence(self) -> str:
        """What it means, in one sentence for people."""
        return SENTENCES[self]


SENTENCES: dict[Outcome, str] = {
    Outcome.published: "The message was answered, and the answers were acknowledged.",
    Outcome.noted: "The message changed what the service remembers, and there was nothing to tell.",
    Outcome.repeat: "The message had been answered before, so it was not answered again.",
    Outcome.not_for_this_reader: "The message carries a fact that this service does not act on.",
    Outcome.page_unchanged: "The page said the same as when it was last fetched.",
    Outcome.no_text: "The page held no text that could be read as an article.",
    Outcome.not_an_article: "The page is a list, a player or a form, and no article.",
    Outcome.error_page: "The publisher answered with an error page.",
    Outcome.not_allowed: "The publisher asks robots not to fetch the page, or it lies inside this network.",
    Outcome.gate_stopped: "The article has no word of any family, so nothing was sought in it.",
    Outcome.language_not_read: "The article is in a language that the tagger does not read.",
    Outcome.malformed: "The message is not JSON of a fact.",
    Outcome.unknown_fact: "The message names a fact that this version does not know.",
    Outcome.invalid: "The message names a known fact but breaks its schema.",
    Outcome.rejected: "The service refused the message for a reason that trying again cannot cure.",
    Outcome.took_too_long: "The message held a worker beyond its deadline, and the worker was ended.",
    Outcome.worker_died: "The process that handled the message died of it.",
    Outcome.retries_spent: "The world outside stayed away longer than the bound of the retries.",
    Outcome.bug: "The service failed on the message in a way that nobody had foreseen.",
    Outcome.page_too_large: "The page is larger than five megabytes.",
    Outcome.output_too_large: "The answer is larger than the broker takes.",
}

_SUPPRESSED = {
    Outcome.repeat,
    Outcome.not_for_this_reader,
    Outcome.page_unchanged,
    Outcome.no_text,
    Outcome.not_an_article,
    Outcome.error_page,
    Outcome.not_allowed,
    Outcome.gate_stopped,
    Outcome.language_not_read,
}
_PUBLISHED = {Outcome.published, Outcome.noted}

ENDINGS: dict[Outcome, Ending] = {
    outcome: Ending.published
    if outcome in _PUBLISHED
    else Ending.suppressed
    if outcome in _SUPPRESSED
    else Ending.dead_lettered
    for outcome in Outcome
}
