"""A rule on the desk: read with its line, read aloud, compared with the version before, asked of what was kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.codec import decode
from schemas.facts import AlertRaised
from schemas.generate import ROOT
from services.alerting.rules.document import RuleDocument
from services.alerting.rules.reading import RuleError
from services.desk.backtest import Kept, back_test
from services.desk.rulebook import read_document
from services.desk.sentence import differences, sentence_of


def aloud(document: dict[str, Any]) -> str:
    return " ".join(word.text for word in sentence_of(RuleDocument.model_validate(document)) if word.text)


def kept(hour: int = 12, **of_step: Any) -> Kept:
    raised = decode((ROOT / "schemas/examples/AlertRaised/v1/whole.json").read_bytes())
    assert isinstance(raised, AlertRaised)
    step = raised.alert.lead.model_copy(update=of_step)
    return Kept(step, raised.alert.head, (), datetime(2026, 3, 4, hour, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("family: [", "line 1"),
        ("family: ceasefire\nstatus: melted\n", "line"),
        ("family: ceasefire\n\ncolour: red\n", "line 3"),
        ("- family: ceasefire\n- family: sanctions\n", "one by one"),
        ("", "line 1"),
    ],
)
def test_a_text_that_is_no_rule_is_refused_with_its_line(text: str, line: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_document(text)
    assert line in str(refused.value)


def test_a_rule_is_a_sentence_that_can_be_read_aloud() -> None:
    said = aloud(
        {"family": "sanctions", "target": ["RU"], "imposer": ["EU"], "group": "imposed", "certainty": "confirmed"}
    )
    assert said.startswith("Tell me when sanctions is imposed by ")
    assert " on Russia" in said
    assert said.endswith("and it is confirmed by a party or a legal text")


def test_what_a_rule_leaves_out_stands_last() -> None:
    words = sentence_of(
        RuleDocument.model_validate({"family": "ceasefire", "sources": {"none": ["radio-nine"]}, "origins": 2})
    )
    assert words[-1].role == "no"
    assert "radio-nine" in words[-1].text
    assert words[-2].text == "but not when"


def test_a_rule_without_clauses_says_that_it_asks_for_everything() -> None:
    assert aloud({}) == "Tell me when anything takes any step"


def test_a_version_says_what_it_changed() -> None:
    before = {"family": "ceasefire", "tier": 1, "origins": 2}
    assert differences(before, {"family": ["ceasefire", "sanctions"], "origins": 2, "new_names": 3}) == (
        "family: ceasefire → ceasefire, sanctions",
        "new_names added: 3",
        "tier taken out (was 1)",
    )
    assert differences(before, before) == ()


def test_steps_of_one_article_are_one_alert_in_the_back_test() -> None:
    found = back_test({"family": "ceasefire"}, [kept(), kept()])
    assert (found.alerts, len(found.matched), found.asked) == (1, 2, 2)


@pytest.mark.parametrize(("hour", "at_night"), [(22, 0), (23, 1), (0, 1), (5, 1), (6, 0)])
def test_nights_are_counted(hour: int, at_night: int) -> None:
    assert back_test({"family": "ceasefire"}, [kept(hour)]).at_night == at_night


def test_a_step_that_one_clause_stopped_came_close_and_says_which() -> None:
    (close,) = back_test({"family": "ceasefire", "origins": 3}, [kept()]).close
    assert "independent origins" in close.because


def test_another_family_is_not_close() -> None:
    assert back_test({"family": "sanctions"}, [kept()]).close == ()


def test_an_example_that_does_not_hold_is_told() -> None:
    document = {"family": "ceasefire", "examples": {"match": [{"family": "sanctions", "status": "imposed"}]}}
    (failing,) = back_test(document, []).failing
    assert failing.startswith("must match")
