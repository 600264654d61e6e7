"""Acts of people on dossiers, and taking them back."""

from typing import Any

import pytest

from runtime.handling import Reject
from schemas import ids


def test_merged_dossier_takes_no_more_steps_of_its_own(log: Any, truce: Any) -> None:
    one = log.step(truce("proposed"), story="a")
    two = log.step(truce("proposed", parties=("XA", "XB")), story="b")
    log.act("merge", dossier=one.dossier.id, other=two.dossier.id)
    assert log.step(truce("agreed", parties=("XA", "XB"))).dossier.id == one.dossier.id


def test_merge_can_be_undone(log: Any, truce: Any) -> None:
    one = log.step(truce("proposed"))
    two = log.step(truce("proposed", parties=("XA", "XB")))
    merged = log.act("merge", dossier=one.dossier.id, other=two.dossier.id)
    log.act("undo", undoes=merged.meta.cause)
    assert log.step(truce("agreed", parties=("XA", "XB"))).dossier.id == two.dossier.id
    assert log.step(truce("agreed")).dossier.id == one.dossier.id


def test_split_step_opens_a_dossier_of_its_own(log: Any, truce: Any) -> None:
    one = log.step(truce("proposed"))
    wrong = log.step(truce("agreed", parties=("XN",), theatre="Marshes"))
    assert wrong.dossier.id == one.dossier.id
    log.act("split", dossier=one.dossier.id, other=wrong.id)
    assert [t.status for t in log.state.dossiers[one.dossier.id].taken] == ["proposed"]
    assert [t.status for t in log.state.dossiers[wrong.assertion.id].taken] == ["agreed"]


def test_split_can_be_undone(log: Any, truce: Any) -> None:
    one = log.step(truce("proposed"))
    wrong = log.step(truce("agreed"))
    split = log.act("split", dossier=one.dossier.id, other=wrong.id)
    log.act("undo", undoes=split.meta.cause)
    assert [t.status for t in log.state.dossiers[one.dossier.id].taken] == ["proposed", "agreed"]


def test_retracted_step_is_told_and_not_told_again(log: Any, truce: Any) -> None:
    told = log.step(truce("agreed"))
    (retracted,) = log.act("retract", step=told.id, reason="a hoax").steps
    assert (retracted.kind, retracted.of, retracted.stands, retracted.reason) == ("retracted", told.id, False, "a hoax")
    assert log.kinds(truce("agreed"), outlet="Courant") == ["restated"]


def test_retraction_can_be_taken_back(log: Any, truce: Any) -> None:
    told = log.step(truce("agreed"))
    act = log.act("retract", step=told.id)
    (back,) = log.act("undo", undoes=act.meta.cause).steps
    assert (back.kind, back.of, back.stands) == ("corrected", told.id, True)
    assert log.kinds(truce("agreed"), outlet="Courant") == ["corroborated"]


def test_act_on_an_unknown_dossier_is_refused_with_the_cure(log: Any, truce: Any) -> None:
    one = log.step(truce("proposed"))
    with pytest.raises(Reject, match="is not open; name one that the desk shows"):
        log.act("merge", dossier=one.dossier.id, other=ids.derive("dossier", "none"))


def test_act_that_concerns_others_leaves_one_silent_fact(log: Any, truce: Any) -> None:
    fact = log.act("acknowledge", alert=ids.derive("alert", 1))
    assert (fact.steps, fact.changes, fact.reason) == ((), (), "nothing to do")
