"""What is old is kept and never news."""

from datetime import timedelta
from typing import Any

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_old_article_is_late(log: Any, truce: Any) -> None:
    step = log.step(truce("agreed"), old=True, published_before=2 * DAY)
    assert (step.kind, step.reason) == ("late", "late: published over a day before it was fetched")


def test_backfill_is_late_but_for_its_last_hour(log: Any, truce: Any) -> None:
    assert log.kinds(truce("proposed"), backfill=True, published_before=3 * HOUR) == ["late"]
    assert log.kinds(truce("agreed"), backfill=True, published_before=HOUR / 2) == ["advanced"]


def test_what_is_replayed_from_dead_letters_is_late(log: Any, truce: Any) -> None:
    assert log.kinds(truce("agreed"), late=True) == ["late"]


def test_step_known_only_from_back_fill_is_told_by_the_first_fresh_report(log: Any, truce: Any) -> None:
    log.report(truce("agreed"), backfill=True, published_before=3 * HOUR)
    assert log.kinds(truce("agreed"), outlet="Courant") == ["new"]
    assert log.kinds(truce("agreed"), outlet="Ledger") == ["corroborated"]


def test_old_text_under_a_new_id_is_not_news(log: Any, truce: Any) -> None:
    log.report(truce("agreed"))
    assert log.kinds(truce("agreed"), outlet="Archive", old=True, published_before=3 * DAY) == ["late"]
    assert log.kinds(truce("agreed"), outlet="Ledger") == ["corroborated"]
