"""A back-test counts alerts, not steps, by the hours of the person, and shows what one clause alone kept back."""

from datetime import UTC, datetime, timedelta

from inbox import Inbox, step

from schemas.rules import Rule
from schemas.steps import Step
from services.alerting.rules.backtesting import BackTest, Kept, back_test
from services.alerting.rules.matching import compiled

NIGHT = datetime(2026, 3, 4, 0, 30, tzinfo=UTC)


def trial(*kept: Kept, zone: str = "UTC", **document: object) -> BackTest:
    return back_test(compiled(Rule(rule="draft", person="draft", version=1, document=document)), kept, zone)


def kept(*steps: Step, at: datetime = NIGHT, **head: object) -> list[Kept]:
    taken = Inbox(now=at).taken(*steps, **head)  # type: ignore[arg-type]
    return [Kept(each, taken.head, taken.entities, taken.at) for each in taken.steps]


def test_the_steps_of_one_report_would_ring_once() -> None:
    found = trial(*kept(step("agreed"), step("proposed")), *kept(step("agreed")), family="ceasefire")
    assert (len(found.fired), found.asked) == (2, 3)


def test_hours_and_nights_are_those_of_the_person() -> None:
    here = trial(*kept(step("agreed")), family="ceasefire")
    there = trial(*kept(step("agreed")), family="ceasefire", zone="Asia/Kolkata")
    assert (here.by_hour[0], here.at_night) == (1, 1)
    assert (there.by_hour[6], there.at_night) == (1, 0)


def test_what_one_clause_kept_back_came_close_and_says_by_which() -> None:
    found = trial(*kept(step("agreed", best_tier=2)), family="ceasefire", tier=1)
    (close,) = found.close
    assert close.because.startswith("tier of the best source 2; asked for: ")


def test_two_clauses_that_fail_and_another_family_are_not_close() -> None:
    assert trial(*kept(step("agreed", best_tier=2)), status=["ended"], tier=1).close == ()
    assert trial(*kept(step("agreed")), family="sanctions").close == ()


def test_a_report_that_would_have_rung_did_not_come_close() -> None:
    found = trial(*kept(step("agreed"), step("proposed")), status=["agreed"])
    assert (len(found.fired), found.close) == (1, ())


def test_old_pages_and_back_fill_would_have_told_nobody() -> None:
    assert trial(*kept(step("agreed"), old=True), *kept(step("agreed"), backfill=True), family="ceasefire").asked == 0


def test_the_forecast_is_by_the_week() -> None:
    days = [kept(step("agreed"), at=NIGHT + timedelta(days=day))[0] for day in range(15)]
    assert round(trial(*days, family="ceasefire").a_week, 1) == 7.5


def test_the_console_says_how_often_when_and_what_came_close() -> None:
    from console.rules import report_of

    rule = compiled(Rule(rule="draft", person="draft", version=1, document={"status": ["agreed"], "tier": 1}))
    found = back_test(rule, [*kept(step("agreed", best_tier=1)), *kept(step("agreed", best_tier=2))])
    said = list(report_of(rule, found, days=30, show=10))
    assert said[0].startswith("draft: would have fired 1 time in the last 30 days, 1 of them at night; 2 steps asked")
    assert said[1] == "  by hour: 00 h 1"
    assert said[3] == "  1 came close:"
    assert "tier of the best source 2" in said[4]
