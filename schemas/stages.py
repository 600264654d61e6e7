"""The services by name: the one list of who acts."""

SERVICES = (
    "scraping",
    "extraction",
    "deduplication",
    "tagging",
    "tracking",
    "alerting",
    "delivery",
    "desk",
    "clock",
)
