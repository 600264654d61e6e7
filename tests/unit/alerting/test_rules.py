"""What a rule can ask, what it says of a step, and that many at once answer as each alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.rules import Rule
from services.alerting import rules as package
from services.alerting.rules.document import RuleDocument
from services.alerting.rules.index import RuleIndex
from services.alerting.rules.matching import Compiled, compiled, failing_examples, matches, why, why_not
from services.alerting.rules.reading import RuleError, read_rules
from services.alerting.rules.schema import PATH, rule_schema
from services.alerting.rules.subject import Subject, padded, subject_from

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
TEMPLATES = sorted((Path(package.__file__).parent / "templates").glob("*.yaml"))


def rule(name: str = "rule", person: str = "ines", **document: Any) -> Compiled:
    return compiled(Rule(rule=name, person=person, version=1, document=document))


def subject(**values: Any) -> Subject:
    return subject_from({"family": "ceasefire", "status": "agreed", "party": ["XN", "XS"]} | values)


@pytest.mark.parametrize(
    ("document", "values", "holds"),
    [
        ({}, {}, True),
        ({"family": "sanctions"}, {}, False),
        ({"status": ["agreed", "declared"]}, {}, True),
        ({"group": ["reached"]}, {}, True),
        ({"group": ["broken"]}, {}, False),
        ({"party": ["XN"]}, {}, True),
        ({"party": {"all": ["XN", "XS"]}}, {}, True),
        ({"party": {"all": ["XN", "XQ"]}}, {}, False),
        ({"party": {"any": ["XN"], "none": ["XS"]}}, {}, False),
        ({"party": ["Ukraine"]}, {"party": ["UA"]}, True),
        ({"places": ["UA"]}, {"places": ["Ukraine"]}, True),
        ({"imposer": ["EU"]}, {}, False),
        ({"imposer": {"any": ["EU"], "or_not_stated": True}}, {}, True),
        ({"imposer": {"none": ["EU"]}}, {}, True),
        ({"words": ["prisoner exchange"]}, {"text": "A prisoner exchange, at last."}, True),
        ({"words": ["exchange prisoner"]}, {"text": "A prisoner exchange, at last."}, False),
        ({"words": ["strait"]}, {"text": "The STRAITS were open."}, False),
        ({"words": {"none": ["cup"]}}, {"text": "A truce before the cup final."}, False),
        ({"certainty": "confirmed"}, {"confirmed": True}, True),
        ({"certainty": "confirmed"}, {"confirmed": False, "origins": 5}, False),
        ({"certainty": {"confirmed": True, "or_origins": 2}}, {"origins": 2}, True),
        ({"certainty": {"confirmed": True, "or_origins": 2}}, {"origins": 1}, False),
        ({"certainty": {"confidence": 0.8}}, {"confidence": 0.7}, False),
        ({"origins": 2, "or_legal_text": True}, {"origins": 1, "tier": 0}, True),
        ({"origins": 2}, {"origins": 1, "tier": 0}, False),
        ({"tier": 2}, {"tier": 3}, False),
        ({"new_names": 10}, {"new_names": 12}, True),
        ({"new_names": 10}, {}, False),
        ({"younger_than": "6h"}, {"age_seconds": 3600.0}, True),
        ({"younger_than": "6h"}, {"age_seconds": 7 * 3600.0}, False),
        ({"languages": ["en"]}, {"languages": "en"}, True),
        ({"kind": "advances"}, {"kind": "advanced"}, True),
        ({"kind": "advances"}, {"kind": "again"}, False),
        ({}, {"kind": "restated"}, False),
        ({}, {"reality": "hypothetical"}, False),
        ({"reality": "any"}, {"reality": "hypothetical"}, True),
        ({"status": ["agreed"]}, {"polarity": "negated"}, False),
        ({"status": ["agreed"], "polarity": "any"}, {"polarity": "negated"}, True),
        ({}, {"polarity": "negated"}, True),
        ({"until": "2026-03-04T10:00:00Z"}, {"at": AT}, True),
        ({"until": "2026-03-04T08:00:00Z"}, {"at": AT}, False),
    ],
)
def test_a_clause_holds_for_what_the_text_states(document: dict[str, Any], values: dict[str, Any], holds: bool) -> None:
    one, about = rule(**document), subject(**values)
    assert matches(one, about) is holds
    assert bool(RuleIndex([one]).matching(about)) is holds
    assert all(verdict.says for verdict in why(one, about))
    assert (why_not(one, about) == "") is holds


@pytest.mark.parametrize(("hours", "holds"), [(71, True), (73, False)])
def test_one_status_after_another_within_a_time(hours: int, holds: bool) -> None:
    one = rule(sequence={"first": "in_effect", "then": "violated", "within": "72h"})
    about = subject(status="violated", at=AT, earlier=(("in_effect", AT - timedelta(hours=hours)),))
    assert matches(one, about) is holds
    assert bool(RuleIndex([one]).matching(about)) is holds


def test_why_not_names_the_clause_and_what_the_text_says() -> None:
    assert (
        why_not(rule(family="sanctions", imposer=["US"]), subject())
        == "family is ceasefire; asked for: sanctions; imposer not stated; asked for: US"
    )


WORDS = st.sampled_from(["truce", "corridor", "buffer zone", "grain", "zone"])
NAMES = st.sampled_from(["RU", "UA", "Hamas", "IL", "EU"])
GROUP = st.fixed_dictionaries(
    {}, optional={part: st.lists(NAMES, min_size=1, max_size=3) for part in ("any", "all", "none")}
)
PHRASES = st.fixed_dictionaries(
    {}, optional={part: st.lists(WORDS, min_size=1, max_size=2) for part in ("any", "all", "none")}
)
DOCUMENT = st.fixed_dictionaries(
    {},
    optional={
        "family": st.sampled_from(["ceasefire", "sanctions"]),
        "party": GROUP,
        "imposer": GROUP,
        "entities": GROUP,
        "words": PHRASES,
        "certainty": st.sampled_from(["confirmed", {"or_origins": 2}, {"confidence": 0.5}]),
        "tier": st.integers(0, 3),
        "polarity": st.sampled_from(["affirmed", "negated", "any"]),
        "younger_than": st.just("6h"),
        "sequence": st.just({"first": "proposed", "then": "agreed", "within": "2d"}),
    },
)
SUBJECT = st.builds(
    lambda **values: replace(subject(), **values),
    family=st.sampled_from(["ceasefire", "sanctions"]),
    roles=st.fixed_dictionaries(
        {role: st.frozensets(NAMES.map(str.casefold), max_size=3) for role in ("party", "imposer", "target")}
    ),
    entities=st.frozensets(NAMES.map(str.casefold), max_size=3),
    text=st.lists(WORDS, max_size=4).map(lambda words: padded(" ".join(words))),
    origins=st.integers(1, 3),
    tier=st.integers(0, 3),
    confidence=st.sampled_from([0.4, 0.6]),
    confirmed=st.booleans(),
    polarity=st.sampled_from(["affirmed", "negated"]),
    age_seconds=st.sampled_from([None, 60.0, 90_000.0]),
    at=st.just(AT),
    earlier=st.sampled_from([(), (("proposed", AT - timedelta(hours=5)),)]),
)


@settings(max_examples=150, deadline=None)
@given(documents=st.lists(DOCUMENT, min_size=1, max_size=8), about=SUBJECT, gone=st.integers(0, 7))
def test_many_rules_at_once_answer_as_each_alone_also_after_changes(
    documents: list[dict[str, Any]], about: Subject, gone: int
) -> None:
    rules = [rule(f"r{number}", **document) for number, document in enumerate(documents)]
    index = RuleIndex(rules)
    assert {one.saved.rule for one in index.matching(about)} == {one.saved.rule for one in rules if matches(one, about)}
    index.remove("ines", f"r{gone}")
    index.put(rule("r0", **documents[-1]))
    left = [one for one in rules if one.saved.rule not in (f"r{gone}", "r0")] + [rule("r0", **documents[-1])]
    assert {one.saved.rule for one in index.matching(about)} == {one.saved.rule for one in left if matches(one, about)}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("family: ceasefire\nstatus: [agreed, imposed]\n", 2, "status 'imposed' is not known"),
        (
            "rules:\n  - family: ceasefire\n    statuses:\n      - agreed\n      - imposed\n",
            5,
            "status 'imposed' is not known",
        ),
        ("family: ceasefire\nsequence:\n  first: in_effect\n  then: imposed\n  within: 72h\n", 4, "sequence 'imposed'"),
        ("family: ceasefire\nfamilie: x\n", 2, "'familie' is no clause; clauses are"),
        ("rules:\n  - family: ceasefire\n  - family: sanctions\n    tier: 7\n", 4, "less than or equal to 3"),
        ("family: [\n", 2, "this is no YAML"),
        ("", 1, "the file is empty"),
        ("quiet: {from: 25:99, until: '06:00', zone: Mars}\n", 1, "is no time of day"),
        ("younger_than: soon\n", 1, "write a number with m, h or d"),
    ],
)
def test_a_wrong_rule_is_refused_with_line_value_and_cure(text: str, line: int, says: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_rules(text)
    assert refused.value.line == line
    assert says in refused.value.says


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_template_is_a_rule(path: Path) -> None:
    (document,) = read_rules(path.read_text(encoding="utf-8"))
    assert RuleDocument.model_validate(document).title


def test_a_rule_carries_items_that_must_match_and_must_not() -> None:
    examples = {
        "match": [{"family": "ceasefire", "status": "agreed"}],
        "never": [{"family": "ceasefire", "status": "violated"}],
    }
    assert failing_examples(rule(status=["agreed"], examples=examples)) == ()
    assert len(failing_examples(rule(status=["violated"], examples=examples))) == 2


def test_rules_of_people_may_stand_in_one_file() -> None:
    text = "people:\n  - person: ines\n    rules:\n      - {id: a, family: ceasefire}\n      - {id: b, family: sanctions}\n"
    assert [(one["person"], one["id"]) for one in read_rules(text)] == [("ines", "a"), ("ines", "b")]


def test_the_published_schema_of_a_rule_is_fresh() -> None:
    assert PATH.read_text(encoding="utf-8") == rule_schema(), (
        "run `python -m services.alerting.rules.schema` and commit what it writes"
    )
