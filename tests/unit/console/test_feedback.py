"""Acts by command go where they are decided, and say what they are about."""

from datetime import UTC, datetime

import pytest
import typer

from console.feedback import act_id, case_of, done, line_of, said
from schemas import ids
from schemas.acts import Act, ActKind
from schemas.facts import FeedbackGiven

AT = datetime(2026, 3, 4, 9, 2, tzinfo=UTC)
ONE, OTHER = ids.derive("dossier", 1), ids.derive("dossier", 2)


def act(kind: ActKind, **about: object) -> Act:
    return Act.model_validate({"act": act_id(kind, "ines", AT), "kind": kind, "person": "ines", "at": AT} | about)


def test_merge_goes_to_tracking_alone() -> None:
    assert [output.topic for output in done(act(ActKind.merge, dossier=ONE, other=OTHER))] == ["tracking-inbox"]


def test_mute_goes_to_alerting_alone() -> None:
    assert [output.topic for output in done(act(ActKind.mute, dossier=ONE))] == ["alerting-inbox"]


def test_undo_goes_to_both_because_either_may_have_decided() -> None:
    outputs = done(act(ActKind.undo, undoes=OTHER))
    assert [output.topic for output in outputs] == ["tracking-inbox", "alerting-inbox"]
    assert outputs[0].fact == outputs[1].fact


@pytest.mark.parametrize(
    ("kind", "option"),
    [
        (ActKind.merge, "--other"),
        (ActKind.retract, "--step"),
        (ActKind.undo, "--undoes"),
        (ActKind.follow, "--dossier or --alert"),
    ],
)
def test_act_that_lacks_what_it_is_about_is_refused_with_the_option(kind: ActKind, option: str) -> None:
    with pytest.raises(typer.BadParameter, match=option):
        done(act(kind, dossier=ONE if kind is ActKind.merge else None))


def test_missed_article_becomes_a_case_that_must_be_told() -> None:
    (output,) = said("missed", "ines", AT, None, "https://news.example/a", "nobody rang")
    assert output.topic == "feedback-given"
    assert isinstance(output.fact, FeedbackGiven)
    assert case_of(output.fact)["want"] == "told"
    assert "missed https://news.example/a nobody rang" in line_of(output.fact)


def test_wrong_alert_becomes_a_case_that_must_be_silent() -> None:
    (output,) = said("not_new", "ines", AT, ONE, None, "")
    assert isinstance(output.fact, FeedbackGiven)
    assert (case_of(output.fact)["want"], case_of(output.fact)["alert"]) == ("silent", str(ONE))


def test_saying_about_nothing_is_refused() -> None:
    with pytest.raises(typer.BadParameter, match="--url"):
        said("missed", "ines", AT, ONE, None, "")
