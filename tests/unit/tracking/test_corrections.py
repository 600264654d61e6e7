"""A claim that falls is put right, and one that comes back stands again."""

from typing import Any


def test_claim_that_a_new_version_lacks_is_corrected(log: Any, truce: Any) -> None:
    told = log.step(truce("agreed"), article="a")
    step = log.step(article="a")
    assert (step.kind, step.of, step.stands, step.reason) == (
        "corrected",
        told.id,
        False,
        "the outlet removed the claim",
    )


def test_correction_that_the_text_states_is_named(log: Any, truce: Any) -> None:
    log.report(truce("agreed"), article="a")
    assert log.step(article="a", states_a_correction=True).reason == "the outlet states a correction"


def test_changed_claim_is_corrected_before_the_new_one_is_judged(log: Any, truce: Any) -> None:
    log.report(truce("negotiating"))
    log.report(truce("agreed"), article="a")
    gone, instead = log.report(truce("proposed"), article="a").steps
    assert (gone.kind, gone.reason) == ("corrected", "the claim changed: agreed became proposed")
    assert (instead.kind, instead.status) == ("advanced", "proposed")


def test_restored_text_restores_the_claim(log: Any, truce: Any) -> None:
    told = log.step(truce("agreed"), article="a")
    log.report(article="a")
    back = log.step(truce("agreed"), article="a")
    assert (back.kind, back.of, back.stands, back.reason) == ("corrected", told.id, True, "the claim is back")
    assert log.kinds(truce("agreed"), outlet="Courant") == ["corroborated"]


def test_claim_that_others_still_make_is_not_corrected(log: Any, truce: Any) -> None:
    log.report(truce("agreed"), article="a")
    log.report(truce("agreed"), article="b", outlet="Courant")
    fact = log.report(article="a")
    assert (fact.steps, fact.asides[0].reason) == ((), "the outlet removed the claim; other reports still say it")
    assert log.kinds(article="b") == ["corrected"]


def test_version_that_goes_further_corrects_nothing(log: Any, truce: Any) -> None:
    log.report(truce("agreed", reality="scheduled"), article="a")
    assert log.kinds(truce("agreed"), article="a") == ["advanced"]
    assert log.kinds(truce("in_effect"), article="a") == ["advanced"]


def test_claim_that_moves_into_the_background_is_still_made(log: Any, truce: Any) -> None:
    log.report(truce("agreed"), article="a")
    fact = log.report(truce("violated"), truce("agreed", main=False, reality="background"), article="a")
    assert [step.status for step in fact.steps] == ["violated"]


def test_version_that_says_the_same_corrects_nothing(log: Any, truce: Any) -> None:
    log.report(truce("agreed"), article="a")
    assert log.kinds(truce("agreed"), article="a", decision="revision") == ["restated"]
