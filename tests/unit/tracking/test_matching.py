"""Which dossier a report belongs to."""

from datetime import timedelta
from typing import Any

DAY = timedelta(days=1)
SOUTH = {"text": "Southland", "field": "text", "start": 0, "end": 9, "type": "place", "country": "XS"}


def group(name: str, country: str) -> dict[str, Any]:
    return {"text": name, "field": "text", "start": 0, "end": len(name), "type": "group", "country": country}


def test_dossier_has_the_id_of_the_assertion_that_opened_it(log: Any, truce: Any) -> None:
    fact = log.report(truce("agreed"))
    assert fact.steps[0].dossier.id == fact.assertions[0].id


def test_order_of_parties_does_not_matter(log: Any, truce: Any) -> None:
    first = log.step(truce("proposed", parties=("XN", "XS")))
    assert log.step(truce("agreed", parties=("XS", "XN"))).dossier.id == first.dossier.id


def test_two_conflicts_in_one_text_are_two_dossiers(log: Any, truce: Any) -> None:
    one, two = log.report(truce("agreed", parties=("XN", "XS")), truce("agreed", parties=("XA", "XB"))).steps
    assert one.dossier.id != two.dossier.id


def test_two_enemies_of_one_party_are_two_dossiers(log: Any, truce: Any) -> None:
    one = log.step(truce("agreed", parties=("XN", "Marsh Front")), entities=[group("Marsh Front", "XM")])
    two = log.step(truce("agreed", parties=("XN", "Hill League")), entities=[group("Hill League", "XH")])
    assert one.dossier.id != two.dossier.id


def test_group_and_its_land_are_one_dossier(log: Any, truce: Any) -> None:
    one = log.step(truce("proposed", parties=("XN", "Marsh Front")), entities=[group("Marsh Front", "XM")])
    two = log.step(truce("agreed", parties=("XN", "XM")))
    assert (two.dossier.id, two.kind) == (one.dossier.id, "advanced")


def test_report_that_names_one_party_joins_by_the_other_names_in_it(log: Any, truce: Any) -> None:
    log.report(truce("proposed", parties=("XN", "XA")))
    right = log.step(truce("proposed", parties=("XN", "XS")))
    log.report(truce("proposed", parties=("XN", "XB")))
    assert log.step(truce("agreed", parties=("XN",)), entities=[SOUTH]).dossier.id == right.dossier.id


def test_report_without_roles_joins_by_its_story(log: Any, truce: Any) -> None:
    log.report(truce("proposed", parties=("XA", "XB")), story="other")
    right = log.step(truce("proposed"), story="talks")
    fact = log.report(truce("agreed", parties=()), story="talks")
    assert fact.steps[0].dossier.id == right.dossier.id
    assert [change.reason for change in fact.changes if change.change == "heard"] == ["the same story"]


def test_report_without_roles_joins_the_only_matter_that_is_running(log: Any, truce: Any) -> None:
    right = log.step(truce("proposed"))
    assert log.step(truce("agreed", parties=())).dossier.id == right.dossier.id


def test_report_without_roles_opens_its_own_dossier_where_it_could_be_any(log: Any, truce: Any) -> None:
    log.report(truce("proposed", parties=("XA", "XB")))
    log.report(truce("proposed", parties=("XN", "XS")))
    step = log.step(truce("agreed", parties=()))
    assert (step.dossier.title, step.dossier.roles_stated, step.kind) == ("roles not stated", False, "new")


def test_dossier_without_roles_takes_them_from_a_later_report_of_its_story(log: Any, truce: Any) -> None:
    unnamed = log.step(truce("proposed", parties=()), story="talks")
    named = log.step(truce("agreed"), story="talks")
    assert (named.dossier.id, named.dossier.roles_stated, named.kind) == (unnamed.dossier.id, True, "advanced")


def test_allied_imposers_have_a_dossier_each(log: Any, measure: Any) -> None:
    fact = log.report(measure("imposed", imposer=("EU", "GB", "US")))
    assert [step.dossier.title for step in fact.steps] == ["EU on XW", "GB on XW", "US on XW"]
    assert len({step.dossier.id for step in fact.steps}) == len({step.id for step in fact.steps}) == 3
    assert log.kinds(measure("imposed", imposer=("GB",)), outlet="Courant") == ["corroborated"]


def test_firms_of_a_target_state_belong_to_the_dossier_of_the_state(log: Any, measure: Any) -> None:
    one = log.step(measure("imposed"))
    two = log.step(
        measure("tightened", target=("Westland Timber", "XW"), particulars={"entries": ("westland timber",)})
    )
    assert one.dossier.id == two.dossier.id


def test_other_imposer_on_the_same_target_is_another_dossier(log: Any, measure: Any) -> None:
    assert log.step(measure("imposed")).dossier.id != log.step(measure("imposed", imposer=("US",))).dossier.id


def test_war_of_another_year_is_another_dossier(log: Any, truce: Any) -> None:
    first = log.step(truce("agreed"))
    later = log.step(truce("agreed"), later=400 * DAY)
    assert (later.kind, later.dossier.id != first.dossier.id) == ("new", True)


def test_stories_that_turn_out_to_be_one_bring_an_unnamed_dossier_home(log: Any, truce: Any) -> None:
    log.report(truce("proposed", parties=("XA", "XB")))
    right = log.step(truce("proposed"), story="one")
    lost = log.step(truce("agreed", parties=()), story="two")
    assert lost.dossier.id != right.dossier.id
    joined = log.stories_joined("one", instead_of="two")
    assert [change.change for change in joined.changes] == ["story", "merged"]
    assert log.step(truce("in_effect", parties=()), story="two").dossier.id == right.dossier.id


def person(name: str, country: str) -> dict[str, Any]:
    return {"text": name, "field": "text", "start": 0, "end": len(name), "type": "person", "country": country}


def test_measures_on_a_person_belong_to_the_dossier_of_his_state(log: Any, measure: Any) -> None:
    one = log.step(measure("imposed"))
    two = log.step(measure("tightened", target=("Orlan Best",)), entities=[person("Orlan Best", "XW")])
    assert two.dossier.id == one.dossier.id


def test_who_calls_for_a_measure_is_not_its_imposer(log: Any, measure: Any) -> None:
    step = log.step(measure("called_for", imposer=("XN",), speaker="XN", particulars={"speaker": ("xn",)}))
    assert (step.dossier.title, step.dossier.imposer) == ("imposer not stated on XW", ())


def test_nobody_imposes_measures_on_himself(log: Any, measure: Any) -> None:
    assert log.step(measure("imposed", imposer=("XW",))).dossier.title == "imposer not stated on XW"


def test_mediator_is_no_party(log: Any, truce: Any) -> None:
    right = log.step(truce("proposed"))
    step = log.step(truce("called_for", parties=("XN", "XQ"), speaker="XQ", speaker_role="mediator"))
    assert step.dossier.id == right.dossier.id


def test_newspaper_is_no_party(log: Any, truce: Any) -> None:
    right = log.step(truce("proposed"))
    gazette = {"text": "Gazette", "field": "text", "start": 0, "end": 7, "type": "organisation"}
    assert log.step(truce("agreed", parties=("XN", "Gazette")), entities=[gazette]).dossier.id == right.dossier.id


def test_sentence_that_names_both_parties_outweighs_other_parties_stated(log: Any, truce: Any) -> None:
    right = log.step(truce("proposed"))
    names = [{**SOUTH, "end": 3}, {**SOUTH, "country": "XN", "text": "Northland", "start": 4, "end": 13}]
    step = log.step(truce("called_for", parties=("XQ", "XN")), entities=names)
    assert step.dossier.id == right.dossier.id


def test_headline_that_names_another_state_keeps_a_missing_imposer_from_being_guessed(log: Any, measure: Any) -> None:
    log.report(measure("imposed"))
    other = {
        "text": "Northland",
        "field": "headline",
        "start": 0,
        "end": 9,
        "type": "place",
        "country": "XN",
        "salience": "about",
    }
    step = log.step(measure("imposed", imposer=()), entities=[other])
    assert step.dossier.title == "imposer not stated on XW"


def test_roles_do_not_grow_by_names_that_are_named_along(log: Any, truce: Any) -> None:
    log.report(truce("proposed"))
    assert log.step(truce("agreed", parties=("XN", "XS", "XQ"))).dossier.parties == ("XN", "XS")


def test_step_told_again_in_one_report_with_its_roles_confused_is_one(log: Any, measure: Any) -> None:
    confused = measure("imposed", imposer=(), target=("XW", "EU")), measure("imposed", imposer=("XW",), target=("EU",))
    assert [step.dossier.title for step in log.report(measure("imposed"), *confused).steps] == ["EU on XW"]
