"""What is a step and what only tells one again."""

from datetime import timedelta
from typing import Any

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_fifty_reports_of_one_truce_are_one_step(log: Any, truce: Any) -> None:
    kinds = [log.kinds(truce("agreed"), outlet=f"Outlet {n}") for n in range(50)]
    assert kinds[0] == ["new"]
    assert {kind for each in kinds[1:] for kind in each} == {"corroborated"}


def test_same_agency_text_on_twelve_sites_is_one_origin(log: Any, truce: Any) -> None:
    log.report(truce("agreed"), origin="Agency")
    last = [log.step(truce("agreed"), outlet=f"Site {n}", origin="Agency", decision="copy") for n in range(12)][-1]
    assert (last.kind, last.origins) == ("restated", ("Agency",))


def test_independent_origins_are_counted(log: Any, truce: Any) -> None:
    log.report(truce("agreed"), origin="Agency")
    log.report(truce("agreed"), origin="Agency", outlet="Courant")
    assert log.step(truce("agreed"), origin="Ledger").origins == ("Agency", "Ledger")


def test_ladder_goes_up_step_by_step(log: Any, truce: Any) -> None:
    told = [
        log.steps(truce(status))
        for status in ("called_for", "negotiating", "proposed", "agreed", "in_effect", "extended")
    ]
    assert told[0] == [("new", "called_for")]
    assert [kind for each in told[1:] for kind, _ in each] == ["advanced"] * 5


def test_talks_that_reopen_step_back_on_the_same_dossier(log: Any, truce: Any) -> None:
    opened = log.step(truce("agreed"))
    back = log.step(truce("negotiating"))
    assert (back.kind, back.dossier.id, back.was) == ("stepped_back", opened.dossier.id, "agreed")


def test_planned_step_and_the_same_step_when_it_happens_are_two(log: Any, truce: Any) -> None:
    log.report(truce("agreed"))
    assert log.steps(truce("in_effect", reality="scheduled")) == [("advanced", "in_effect")]
    assert log.steps(truce("in_effect", reality="scheduled"), outlet="Courant") == [("corroborated", "in_effect")]
    assert log.steps(truce("in_effect")) == [("advanced", "in_effect")]


def test_plan_told_after_the_step_was_taken_is_no_news(log: Any, truce: Any) -> None:
    log.report(truce("in_effect"))
    assert log.kinds(truce("in_effect", reality="scheduled"), outlet="Courant") == ["corroborated"]


def test_plan_for_another_day_counts_again(log: Any, truce: Any) -> None:
    def starts(day: int) -> dict[str, Any]:
        return {"text": "then", "iso": f"2026-03-{day:02}", "precision": "day"}

    log.report(truce("in_effect", reality="scheduled", effective_from=starts(6)))
    assert log.kinds(truce("in_effect", reality="scheduled", effective_from=starts(6))) == ["restated"]
    assert log.kinds(truce("in_effect", reality="scheduled", effective_from=starts(9))) == ["again"]


def test_call_by_another_speaker_counts_again_and_by_the_same_does_not(log: Any, truce: Any) -> None:
    log.report(truce("called_for", particulars={"speaker": ("un",)}))
    assert log.kinds(truce("called_for", particulars={"speaker": ("xz",)})) == ["again"]
    assert log.kinds(truce("called_for", particulars={"speaker": ("un", "xz")}), outlet="Courant") == ["corroborated"]


def test_particulars_that_are_not_stated_match_any(log: Any, truce: Any) -> None:
    log.report(truce("called_for", particulars={"speaker": ("un",)}))
    assert log.kinds(truce("called_for"), outlet="Courant") == ["corroborated"]


def test_one_more_side_agrees(log: Any, truce: Any) -> None:
    log.report(truce("agreed", particulars={"side": ("xn",)}))
    again = log.step(truce("agreed", particulars={"side": ("xn", "xs")}))
    assert (again.kind, again.reason) == ("again", "another side")


def test_second_breach_is_told_by_its_stated_day(log: Any, truce: Any) -> None:
    log.report(truce("violated", particulars={"day": ("2026-03-04",)}))
    assert log.kinds(truce("violated", particulars={"day": ("2026-03-04",)})) == ["restated"]
    assert log.kinds(truce("violated", particulars={"day": ("2026-03-05",)})) == ["again"]


def test_second_breach_is_told_by_the_reports_day_where_none_is_stated(log: Any, truce: Any) -> None:
    log.report(truce("violated"))
    assert log.kinds(truce("violated"), later=20 * HOUR, outlet="Courant") == ["corroborated"]
    assert log.kinds(truce("violated"), later=3 * DAY) == ["again"]


def test_truce_that_holds_after_a_breach_is_news_when_somebody_says_so(log: Any, truce: Any) -> None:
    log.report(truce("in_effect"))
    log.report(truce("violated"))
    assert log.kinds(truce("in_effect", attribution="unattributed"), later=2 * DAY, outlet="Courant") == [
        "corroborated"
    ]
    assert log.kinds(truce("in_effect", attribution="claimed", speaker="Observers"), later=2 * DAY) == ["again"]


def test_truce_counts_again_after_it_ended(log: Any, truce: Any) -> None:
    log.report(truce("in_effect"))
    log.report(truce("ended"))
    assert log.kinds(truce("ended"), outlet="Courant") == ["corroborated"]
    assert log.kinds(truce("in_effect"), later=DAY) == ["advanced"]
    assert log.kinds(truce("ended"), later=DAY) == ["again"]


def test_new_agreement_after_a_breach_is_news(log: Any, truce: Any) -> None:
    log.report(truce("agreed"))
    log.report(truce("violated"), later=DAY)
    assert log.kinds(truce("agreed"), later=2 * DAY) == ["again"]


def test_twentieth_package_is_news(log: Any, measure: Any) -> None:
    log.report(measure("tightened", particulars={"package": ("19th",)}))
    assert log.kinds(measure("tightened", particulars={"package": ("19th",)}), outlet="Courant") == ["corroborated"]
    assert log.kinds(measure("tightened", particulars={"package": ("20th",)})) == ["again"]


def test_background_makes_no_step_and_tells_a_new_dossier_what_it_was(log: Any, truce: Any) -> None:
    proposed = truce("proposed", reality="background", main=False)
    step = log.step(proposed, truce("monitored", reality="scheduled"))
    assert (step.status, step.kind, step.was, step.was_reality) == ("monitored", "new", "proposed", "background")


def test_history_and_conditions_do_not_say_where_a_dossier_stands(log: Any, truce: Any) -> None:
    of_old = truce("agreed", reality="historical", main=False)
    conditional = truce("in_effect", reality="conditional", main=False)
    assert log.step(of_old, conditional, truce("monitored", reality="scheduled")).was is None


def test_background_alone_is_silent(log: Any, truce: Any) -> None:
    fact = log.report(truce("agreed", reality="historical", main=False))
    assert (fact.steps, fact.reason, fact.asides[0].reason) == ((), "only background", "history")


def test_acceptance_after_a_background_proposal_advances_the_same_dossier(log: Any, truce: Any) -> None:
    first = log.report(
        truce("monitored", reality="scheduled"),
        truce("called_for"),
        truce("proposed", main=False, reality="background"),
        truce("rejected", main=False, reality="background"),
    )
    assert [step.kind for step in first.steps] == ["new", "new"]
    accepted = log.step(truce("agreed", particulars={"side": ("xn",)}), outlet="Courant")
    assert (accepted.kind, accepted.dossier.id) == ("advanced", first.steps[0].dossier.id)
    assert not first.steps[0].dossier.ever_reached


def test_denial_contradicts_what_was_told(log: Any, truce: Any) -> None:
    told = log.step(truce("agreed"))
    denial = log.step(truce("agreed", polarity="negated", speaker="Southland"))
    assert (denial.kind, denial.of, denial.stands) == ("contradicted", told.id, False)
    assert denial.dossier.id == told.dossier.id
    assert log.kinds(truce("agreed", polarity="negated"), outlet="Courant") == ["corroborated"]


def test_better_source_upgrades_in_place(log: Any, truce: Any) -> None:
    told = log.step(truce("agreed"), tier=3)
    better = log.step(truce("agreed", attribution="confirmed"), outlet="Ministry", tier=1)
    assert (better.kind, better.of, better.best_tier) == ("upgraded", told.id, 1)
    assert log.kinds(truce("agreed", attribution="confirmed"), outlet="Courant") == ["corroborated"]


def test_restatements_hidden_since_the_last_step_are_counted(log: Any, truce: Any) -> None:
    log.report(truce("proposed"))
    log.report(truce("proposed"), outlet="Courant")
    log.report(truce("proposed"), outlet="Ledger")
    step = log.step(truce("agreed"))
    assert (step.held_back, [past.status for past in step.before]) == (2, ["proposed"])


def test_step_said_twice_in_one_report_is_one(log: Any, truce: Any) -> None:
    fact = log.report(truce("agreed"), truce("agreed"))
    assert len(fact.steps) == 1
    assert fact.asides[0].reason == "the same step, told above"


def test_truce_of_another_length_is_another_truce(log: Any, truce: Any) -> None:
    log.report(truce("agreed", duration="72 hours"))
    assert log.kinds(truce("agreed", duration="three days"), outlet="Courant") == ["corroborated"]
    assert log.kinds(truce("agreed", duration="five days"), outlet="Courant") == ["again"]


def test_agreement_told_as_news_after_two_silent_weeks_is_another(log: Any, truce: Any) -> None:
    log.report(truce("agreed"))
    log.report(truce("agreed"), later=12 * DAY, outlet="Courant")
    assert log.kinds(truce("agreed"), later=13 * DAY, outlet="Ledger") == ["corroborated"]
    assert log.kinds(truce("agreed"), later=15 * DAY) == ["again"]


def test_affirmation_against_a_denial_is_news_and_its_echo_is_not(log: Any, truce: Any) -> None:
    log.report(truce("agreed"), outlet="Courant")
    log.report(truce("agreed", polarity="negated", attribution="denied"), outlet="Ledger")
    assert log.kinds(truce("agreed"), outlet="Courant") == ["restated"]
    assert log.kinds(truce("agreed"), outlet="Meridian") == ["again"]


def test_what_is_likelier_wrong_than_right_is_kept_and_no_step(log: Any, truce: Any) -> None:
    fact = log.report(truce("agreed", confidence=0.42))
    assert (fact.steps, fact.asides[0].reason) == ((), "not sure enough to be a step: confidence 0.42")
    assert log.kinds(truce("agreed", confidence=0.9)) == ["new"]
