"""Reports whose roles are missing, or cannot be right."""

from datetime import timedelta
from typing import Any

DAY = timedelta(days=1)


def group(name: str) -> dict[str, Any]:
    return {"text": name, "field": "text", "start": 0, "end": len(name), "type": "group"}


def heard(fact: Any) -> list[str]:
    return [change.reason for change in fact.changes if change.change in {"heard", "opened"}]


def test_imposer_whom_measures_strike_and_who_has_none_is_taken_for_the_target(log: Any, measure: Any) -> None:
    right = log.step(measure("imposed"))
    log.report(measure("imposed", target=("XZ",)))
    assert log.step(measure("tightened", imposer=("XW",), target=())).dossier.id == right.dossier.id


def test_target_that_strikes_back_keeps_a_dossier_of_its_own(log: Any, measure: Any) -> None:
    first = log.step(measure("imposed"))
    answer = log.step(measure("countered", imposer=("XW",), target=("EU",)))
    assert answer.dossier.id != first.dossier.id
    assert log.step(measure("tightened", imposer=("XW",), target=())).dossier.id == answer.dossier.id


def test_call_upon_nobody_named_is_not_the_matter_of_an_imposer(log: Any, measure: Any) -> None:
    running = log.step(measure("imposed"))
    call = log.step(measure("called_for", imposer=(), particulars={"speaker": ("xq",)}))
    assert call.dossier.id != running.dossier.id


def test_imposer_does_not_take_over_a_call_upon_nobody(log: Any, measure: Any) -> None:
    call = log.step(measure("called_for", imposer=(), particulars={"speaker": ("xq",)}))
    assert log.step(measure("imposed", imposer=("US",))).dossier.id != call.dossier.id


def test_measure_of_nobody_named_stays_apart_where_several_impose(log: Any, measure: Any) -> None:
    unnamed = log.step(measure("imposed", imposer=()))
    log.report(measure("called_for", imposer=("GB",), particulars={"speaker": ("xq",)}))
    assert log.step(measure("imposed", imposer=("US",))).dossier.id != unnamed.dossier.id


def test_measure_of_nobody_named_is_joined_by_the_only_imposer(log: Any, measure: Any) -> None:
    unnamed = log.step(measure("imposed", imposer=()))
    named = log.step(measure("imposed", imposer=("US",)))
    assert (named.dossier.id, named.dossier.imposer) == (unnamed.dossier.id, ("US",))


def test_go_between_told_in_a_partys_place_finds_the_only_running_matter(log: Any, truce: Any) -> None:
    right = log.step(truce("proposed"))
    fact = log.report(truce("agreed", parties=("XN", "QA")))
    assert fact.steps[0].dossier.id == right.dossier.id
    assert heard(fact) == ["the only running matter of xn; the other party was told differently"]


def test_state_told_in_a_groups_place_finds_the_only_running_matter(log: Any, truce: Any) -> None:
    right = log.step(truce("proposed", parties=("XN", "Marsh Front")), entities=[group("Marsh Front")])
    assert log.step(truce("agreed", parties=("XN", "XM"))).dossier.id == right.dossier.id


def test_party_told_differently_opens_a_dossier_where_two_matters_run(log: Any, truce: Any) -> None:
    one, two = log.step(truce("proposed")), log.step(truce("proposed", parties=("XN", "XA")))
    assert log.step(truce("agreed", parties=("XN", "QA"))).dossier.id not in {one.dossier.id, two.dossier.id}


def test_two_wars_of_one_state_are_not_joined(log: Any, truce: Any) -> None:
    assert log.step(truce("agreed")).dossier.id != log.step(truce("agreed", parties=("XN", "XA"))).dossier.id


def test_party_told_differently_after_a_month_is_another_matter(log: Any, truce: Any) -> None:
    first = log.step(truce("proposed"))
    assert log.step(truce("agreed", parties=("XN", "QA")), later=40 * DAY).dossier.id != first.dossier.id
