from uuid import uuid4

import pytest

from runtime.handling import Reject
from schemas.base import Meta, Position
from schemas.codec import decode, encode
from schemas.facts import MinutePassed
from schemas.sketching import reading_of, sketch_of
from services.deduplication import window
from services.deduplication.deciding import Deduplicating
from services.deduplication.keeping import WordingsOnDisk
from services.deduplication.window import milliseconds
from services.deduplication.wordings import WordingsInMemory, packed, unpacked

NAMES = ("harbour", "market-monday", "harbour", "follow-up", "elsewhere", "market-thursday", "harbour")


def extracted_by(newsroom):
    asked = []

    def read(offset):
        asked.append(offset)
        return newsroom.sent[offset]

    return read, asked


def test_state_is_the_fold_of_the_sketches_alone_and_decides_the_same(newsroom, story, tmp_path):
    for n, name in enumerate(NAMES[:-1]):
        newsroom.reads(story(name), f"{name} {n}", f"Outlet {n}")
    read, asked = extracted_by(newsroom)
    restarted = type(newsroom)(
        Deduplicating(WordingsOnDisk(tmp_path / "none-yet.sqlite", read)), sent=list(newsroom.sent)
    )
    for fact in newsroom.kept:
        restarted.state = restarted.decider.evolve(restarted.state, decode(encode(fact)))
    expected = newsroom.reads(story("harbour"), "Ferries", "Last")
    assert restarted.reads(story("harbour"), "Ferries", "Last") == expected
    assert restarted.kept[-1] == newsroom.kept[-1]
    assert asked, "an empty cache is filled from the log"


def test_a_sketch_takes_at_most_400_bytes(story):
    long = "\n\n".join(story(name) for name in set(NAMES)) * 30
    for text in (long, story("harbour"), "Short."):
        assert len(sketch_of("A headline of some words", text).model_dump_json().encode()) <= 400


def test_a_sketch_is_the_same_whatever_was_read_before(story):
    first = sketch_of("Ferries", story("harbour"))
    for name in NAMES:
        sketch_of(name, story(name))
    assert sketch_of("Ferries", story("harbour")) == first


@pytest.mark.parametrize("text", ["", "One.", "Twelve 7 Words: Ostra, Kelda; U.S. don't — 3.5 percent of 1,200"])
def test_a_reading_survives_its_bytes(text):
    reading = reading_of("Ferries stopped", text)
    again = unpacked(packed(reading))
    for name in ("words", "slots", "headline", "terms", "weights"):
        assert getattr(again, name).tolist() == getattr(reading, name).tolist()


def test_what_is_on_disk_is_read_from_there_and_what_is_not_from_the_log(newsroom, story, tmp_path):
    newsroom.reads(story("harbour"))
    version = newsroom.version(0)
    read, asked = extracted_by(newsroom)
    wordings = WordingsOnDisk(tmp_path / "w.sqlite", read)
    wordings.read(0, version)
    wordings.read(0, version)
    assert asked == [0]
    wordings.close()
    WordingsOnDisk(tmp_path / "w.sqlite", read).read(0, version)
    assert asked == [0]


def test_an_entry_of_another_log_is_not_believed(newsroom, story, tmp_path):
    newsroom.reads(story("harbour"))
    read, asked = extracted_by(newsroom)
    wordings = WordingsOnDisk(tmp_path / "w.sqlite", read)
    wordings.keep(0, uuid4(), reading_of("", story("elsewhere")))
    assert wordings.read(0, newsroom.version(0)).words.tolist() == reading_of("", story("harbour")).words.tolist()
    assert asked == [0]


def test_a_broken_file_is_as_good_as_none(newsroom, story, tmp_path):
    newsroom.reads(story("harbour"))
    file = tmp_path / "w.sqlite"
    file.write_bytes(b"this is no database at all, and long enough to be looked at" * 40)
    read, asked = extracted_by(newsroom)
    WordingsOnDisk(file, read).read(0, newsroom.version(0))
    assert asked == [0]


def test_a_fact_that_is_no_article_is_refused():
    decider = Deduplicating(WordingsInMemory())
    now = "2026-05-12T06:00:00Z"
    fact = MinutePassed.model_validate({"id": uuid4(), "meta": Meta(trace="t", root_at=now), "minute": now})
    with pytest.raises(Reject, match="MinutePassed"):
        decider.decide(decider.initial(), fact, Position(topic="articles-extracted", partition=0, offset=0))


def test_a_sketch_of_an_older_kind_is_remembered_by_its_article_alone(newsroom, story):
    newsroom.reads(story("harbour"), url="https://wire.example/ferries")
    old = newsroom.kept[0].model_copy(
        update={"sketch": newsroom.kept[0].sketch.model_copy(update={"minhash": "AAAA", "kind": "frac-1"})}
    )
    later = type(newsroom)(newsroom.decider, sent=list(newsroom.sent))
    later.state = later.decider.evolve(later.state, old)
    assert later.reads(story("harbour"), url="https://wire.example/ferries").decision == "revision"
    assert later.reads(story("harbour"), outlet="Courier").of == later.version(1)


def test_a_fold_of_many_facts_at_once_is_the_state_of_one_after_the_other(newsroom, story):
    for n, name in enumerate(NAMES):
        newsroom.reads(story(name), f"{name} {n}", f"Outlet {n}")
    many, one = (Deduplicating(newsroom.decider.wordings) for _ in range(2))
    together, singly = many.initial(), one.initial()
    for fact in newsroom.kept:
        together.add(fact)
        singly.add(fact)
        singly.settle()

    fact = newsroom.sent[-1]
    position = Position(topic="articles-extracted", partition=0, offset=len(NAMES))
    assert many.decide(together, fact, position) == one.decide(singly, fact, position)


def test_names_and_merged_stories_that_only_forgotten_versions_held_are_forgotten(newsroom, story, monkeypatch):
    monkeypatch.setattr(window, "CHUNK", 4)
    newsroom.reads("", "Taborda suspends Castrel ferries", "Wire")
    newsroom.reads("", "Ostlund resigns fleet director", "Courier")
    newsroom.reads("", "Taborda suspends Castrel ferries Ostlund resigns fleet director", "Ledger")
    newsroom.reads(story("harbour"), "Ferries", "Gazette")
    assert len(newsroom.state.merged) == 1
    for n in range(8):
        newsroom.reads(story("elsewhere"), "Miners win brass prize", "Herald", hours=100 + n)
    newsroom.state.settle()
    assert newsroom.state.merged == {}
    assert newsroom.state.said == ["Herald"]
    assert newsroom.state.outlet(11) == "Herald"


def test_a_start_in_the_middle_of_the_log_decides_as_if_nothing_had_happened(newsroom, story):
    for n, name in enumerate(NAMES):
        newsroom.reads(story(name), f"{name} {n}", f"Outlet {n}", hours=30 * n)
    later = Deduplicating(newsroom.decider.wordings)
    state = later.initial()
    horizon = newsroom.state.horizon
    for fact in newsroom.kept:
        if milliseconds(fact.seen) >= horizon:
            state = later.evolve(state, fact)
    assert 0 < state.count < newsroom.state.count
    fact = newsroom.sent[-1]
    position = Position(topic="articles-extracted", partition=0, offset=len(NAMES))
    assert later.decide(state, fact, position) == newsroom.decider.decide(newsroom.state, fact, position)
