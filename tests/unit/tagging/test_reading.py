"""How single sentences are read."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from schemas import ids
from schemas.families import Family
from services.tagging.lexicon import reading_of, readings
from services.tagging.model import weights_in
from services.tagging.tagging import Story, Tagged, tag


def _rows() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tagging_rows", Path(__file__).with_name("rows.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROWS = _rows()
OWN = ("ceasefire", "sanctions")


def read(text: str, headline: str = "", **more: str) -> Tagged:
    return tag(Story(ids.derive("test", headline, text), headline, text, "2025-05-06", **more))


@pytest.mark.parametrize("row", [row for name in OWN for row in ROWS.rows_of(name)], ids=lambda row: row["id"])
def test_a_row_of_the_trap_corpus_reads_as_expected(row: dict[str, object]) -> None:
    assert list(ROWS.faults_of(row, ROWS.tagged(row))) == []


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Armenia refused to agree to a ceasefire with Azerbaijan on Monday.", ("agreed", "declared", "in_effect")),
        ("Armenia will agree to a ceasefire with Azerbaijan if its prisoners are freed.", ("agreed", "in_effect")),
        ("The minister denied that sanctions on Cuba were lifted by Washington.", ("lifted", "eased")),
        ("The European Union vowed to impose sanctions on Serbia next month.", ("imposed", "tightened", "agreed")),
        ("Kenya urged Rwanda and Congo to agree to a ceasefire at once.", ("agreed", "declared")),
    ],
)
def test_what_is_planned_denied_or_only_asked_is_never_told_as_done(text: str, never: tuple[str, ...]) -> None:
    done = [a.status for a in read(text).assertions if a.reality == "actual" and a.polarity == "affirmed"]
    assert not set(done) & set(never)


def test_evidence_is_the_exact_sentence_at_its_offsets() -> None:
    text = "Rain fell. Armenia and Azerbaijan agreed to a ceasefire on Monday. Rain stopped."
    made = read(text).assertions
    assert made
    assert all(text[one.start : one.end] == one.evidence for one in made)


def test_marks_stand_inside_the_evidence() -> None:
    made = read("Armenia and Azerbaijan agreed to a ceasefire on Monday.").assertions
    assert all(0 <= start < end <= len(one.evidence) for one in made for start, end in one.marks)


def test_entities_carry_offsets_that_hold_their_text() -> None:
    text = "Ukrainian President Oleh Marchenko met the U.N. Security Council in Kyiv about a ceasefire."
    found = read(text).entities
    assert [e.text for e in found] == [text[e.start : e.end] for e in found]
    assert {"Oleh Marchenko", "U.N. Security Council", "Kyiv"} <= {e.text for e in found}


def test_a_short_form_is_the_person_named_before() -> None:
    found = read("President Oleh Marchenko spoke of a ceasefire. Later Marchenko left.").entities
    ids_of_him = {e.id for e in found if e.text.endswith("Marchenko")}
    assert len(ids_of_him) == 1


def test_a_text_without_a_word_of_the_gate_is_not_read() -> None:
    tagged = read("The council opened a library.")
    assert (tagged.gate, tagged.entities_sought, tagged.assertions) == ({}, False, ())


def test_another_language_is_left_unread_with_a_reason() -> None:
    tagged = read("Die Waffenruhe gilt ab Montag, ceasefire.", language="de")
    assert tagged.unread == "language de is not read"


def test_the_same_story_gives_the_same_ids_twice() -> None:
    text = "Armenia and Azerbaijan agreed to a ceasefire on Monday."
    assert read(text) == read(text)


def test_every_reason_names_a_slot_of_its_assertion() -> None:
    tagged = read("The EU imposed sanctions on Belarus on Monday.")
    assert tagged.assertions
    assert {why.slot for why in tagged.why[0]} >= {"status", "reality", "polarity", "main", "attribution"}


TOY = """
family: coups
title: Coups
noun: coup
roles: [parties]
ladders: {power: [attempted, staged]}
ends_with: [undone]
expires_as: undone
reached: [staged]
unreached: [undone]
groups: [going_on, over]
codes: {}
statuses:
  attempted: {means: soldiers try, words: [attempts], again_when: [place], lead: 8, group: going_on}
  staged: {means: soldiers rule, words: [stages], again_when: [place], lead: 9, group: going_on}
  undone: {means: the old government is back, words: [undone], again_when: [place], lead: 8, group: over}
tagging:
  default: staged
  gate: [coup*]
  topics: {strong: [coup, coups]}
  verbs: {staged: [stage, mount, carry out], undone: [reverse, undo]}
  compose: {try: {staged: attempted/actual}, will: {"*": same/scheduled}, negated: {"*": same/negated}}
"""


def test_a_new_family_is_one_file_and_rules_alone_decide_it() -> None:
    data = yaml.safe_load(TOY)
    data = {name: value for name, value in data.items() if name in Family.model_fields}
    reading = reading_of(Family.model_validate(data))
    story = Story(ids.derive("test", "coup"), "", "Soldiers in Niger staged a coup on Monday.", "2025-05-06")
    tagged = tag(story, families={"coups": reading})
    assert tagged.alert == {"coups": True}
    assert [(a.status, a.reality, a.main) for a in tagged.assertions] == [("staged", "actual", True)]


def test_every_status_that_the_lexicon_names_is_one_of_its_family() -> None:
    for name, reading in readings().items():
        known = {*reading.family.statuses, "same"}
        named = {v.split("/")[0] for t in reading.compose.values() for v in t.values()}
        assert named <= known, f"{name}: {sorted(named - known)} are no statuses; correct `compose` in {name}.yaml"


def test_weights_of_another_form_are_refused_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text('{"form": 99, "families": {}}')
    with pytest.raises(ValueError, match="make train"):
        weights_in(path)


def test_every_row_of_the_gazetteer_names_a_source_of_the_notice() -> None:
    root = Path(__file__).parents[3]
    notice = (root / "deploy/gazetteer/NOTICE").read_text("utf-8")
    for path in sorted((root / "services/tagging/gazetteer").glob("*.tsv")):
        lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
        sources = {(line[7], line[8]) for line in lines}
        assert all(source in notice or source == "house" for source, _ in sources)
        assert all(licence for _, licence in sources)
