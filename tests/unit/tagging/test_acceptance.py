"""The acceptance article, where the shared folder is there."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path

import pytest

from schemas import ids
from services.tagging.tagging import Story, tag

SHARED = Path(os.environ.get("COPYTASTER_DATA", "../shared"))
CHECKER = Path(__file__).parents[2] / "e2e" / "expected.py"


def test_the_acceptance_article_is_read_as_it_says() -> None:
    article = SHARED / "seed" / "article.txt"
    if not article.exists():
        pytest.skip(f"{article} is not there: set COPYTASTER_DATA to the folder of the shared data")
    expected = json.loads((SHARED / "seed" / "expected.json").read_text("utf-8"))
    spec = importlib.util.spec_from_file_location("expected", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    checker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checker)
    text = article.read_text("utf-8")
    tagged = tag(Story(ids.derive("test", "seed"), expected["headline"], text, expected["date"]))
    said = [json.loads(one.model_dump_json()) for one in tagged.assertions]
    assert checker.faults_of(said, expected) == []
    named = {entity.name or entity.text for entity in tagged.entities if entity.type == "person"}
    assert {name for name in expected["people"] if name not in named and name.split()[-1] not in named} == set()
