"""The first two lines over the whole product of their values: what a night editor reads on a lock screen."""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from schemas.assertions import Attribution, Polarity, Reality, SpeakerRole
from schemas.families import families
from schemas.steps import Kind
from services.alerting.wording import wording_of
from services.alerting.words import LIMIT, Telling, also_line, lines

SNAPSHOT = Path(__file__).parent / "words.txt"
STATUSES = [(family, status) for family, known in families().items() for status in known.statuses]
ROLES = (SpeakerRole.party, SpeakerRole.mediator, SpeakerRole.analyst)
SPEAKERS = [
    (None, None),
    *(("Northland", role.value) for role in SpeakerRole),
    *((None, role.value) for role in SpeakerRole),
]
LONG = "The Provisional Revolutionary Council of the Upper Northland Highlands"


def telling(family: str = "ceasefire", status: str = "agreed", **values: object) -> Telling:
    told = {
        "reality": "actual",
        "polarity": "affirmed",
        "attribution": "confirmed",
        "title": "Northland-Southland" if family == "ceasefire" else "EU on Westland",
        "speaker": "Northland",
        "role": "party",
        "others": ("Southland",),
        "outlet": "Harbour Post",
    }
    return Telling(family=family, status=status, **{**told, **values})  # type: ignore[arg-type]


def whole_product() -> Iterator[Telling]:
    for (family, status), reality, polarity, attribution in product(STATUSES, Reality, Polarity, Attribution):
        yield telling(family, status, reality=reality.value, polarity=polarity.value, attribution=attribution.value)


def row(told: Telling) -> str:
    values = f"{told.family} {told.status} {told.reality} {told.polarity} {told.attribution}"
    return values + "".join(f"\n  {line}" for line in lines(told))


def test_the_words_of_every_value_are_those_that_were_read_and_agreed() -> None:
    now = "\n".join(map(row, whole_product())) + "\n"
    if os.environ.get("COPYTASTER_WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == now, (
        "read the change, then write it with COPYTASTER_WRITE_SNAPSHOTS=1"
    )


def beyond() -> Iterator[Telling]:
    """Everything that the snapshot leaves out: speakers, what the dossier was, kinds, long names."""
    for base, (speaker, role) in product(whole_product(), SPEAKERS):
        was = ("proposed", "agreed") if base.family == "ceasefire" else ("proposed", "imposed")
        for before, was_reality in ((None, None), (was[0], "actual"), (was[1], "conditional")):
            yield telling(
                base.family, base.status, reality=base.reality, polarity=base.polarity, attribution=base.attribution,
                speaker=speaker and LONG, role=role, was=before, was_reality=was_reality, title=f"{LONG}-{LONG}",
                others=(LONG, LONG), outlet=LONG, when="27 Sep 06:00 local", origins=12, tier=1,
            )  # fmt: skip


def test_both_lines_fit_a_lock_screen_whatever_the_values_and_names() -> None:
    too_long = [told for told in beyond() if sum(map(len, lines(told))) > LIMIT]
    assert too_long == []


@pytest.mark.parametrize("kind", Kind)
def test_both_lines_fit_for_every_kind_of_step(kind: Kind) -> None:
    for base in whole_product():
        told = telling(base.family, base.status, reality=base.reality, polarity=base.polarity,
                       attribution=base.attribution, kind=kind.value, reason=LONG, title=LONG, outlet=LONG, was=base.status)  # fmt: skip
        assert sum(map(len, lines(told))) <= LIMIT


def bare(told: Telling) -> str:
    words = wording_of(told.family).statuses[told.status]
    return words.done.replace("{thing}", "PEACEKEEPERS")


def test_nothing_negated_or_planned_reads_as_done() -> None:
    for told in beyond():
        first = lines(told)[0]
        if told.polarity == "negated" or told.reality != "actual":
            undone = first.replace(f"NO {bare(told)}", "").replace(f"{bare(told)} ON CONDITION", "")
            undone = undone.replace(f"{bare(told)}, {wording_of(told.family).statuses[told.status].undone}", "")
            assert bare(told) not in undone, first


def test_a_bare_status_word_stands_only_for_what_is_actual_affirmed_and_confirmed() -> None:
    for told in whole_product():
        first = lines(told)[0]
        certain = (told.reality, told.polarity, told.attribution) == ("actual", "affirmed", "confirmed")
        if first.split(" · ")[0] == bare(told):
            assert certain, first


def test_what_one_side_claims_says_so_in_the_same_phrase() -> None:
    assert lines(telling(attribution="claimed", was="proposed")) == (
        "CEASEFIRE AGREED, says Northland (was: proposed) · Northland-Southland",
        "Claimed by Northland · not confirmed by Southland · 1 origin (outlet)",
    )


def test_no_ceasefire_yet_is_said_only_while_none_is_agreed_or_in_effect() -> None:
    planned = {"status": "monitored", "reality": "scheduled"}
    assert lines(telling(**planned))[0] == "PEACEKEEPERS PLANNED, no ceasefire yet · Northland-Southland"
    assert lines(telling(**planned, reached=True))[0] == "PEACEKEEPERS PLANNED, not deployed · Northland-Southland"


def test_a_planned_start_gives_the_time_that_the_text_gives() -> None:
    first = lines(telling(status="in_effect", reality="scheduled", when="Mon 06:00 local"))[0]
    assert first == "CEASEFIRE TO START Mon 06:00 local · Northland-Southland"


def test_measures_that_are_pledged_are_not_imposed() -> None:
    told = telling("sanctions", "proposed", reality="scheduled", title="UK and allies on Russia")
    assert lines(told)[0] == "SANCTIONS PLEDGED, not imposed · UK and allies on Russia"


def test_an_outlets_own_words_name_the_outlet_as_the_speaker_and_count_origins() -> None:
    told = telling("sanctions", "lifted", attribution="unattributed", title="US on Westland")
    assert lines(told)[0] == "OUTLET SAYS sanctions lifted, one origin · US on Westland"


def test_a_removed_claim_is_corrected_and_not_retracted() -> None:
    told = telling("sanctions", "lifted", kind="corrected", reason="the outlet removed the claim")
    assert lines(told)[0] == "CORRECTED, outlet no longer says: sanctions lifted · EU on Westland"


def test_observers_are_not_called_peacekeepers() -> None:
    told = telling(status="monitored", reality="scheduled", evidence="It plans to send forty unarmed observers.")
    assert lines(told)[0].startswith("TRUCE OBSERVERS PLANNED")


def test_a_step_carried_along_names_its_dossier_only_if_it_is_another() -> None:
    assert also_line(telling(), "Northland-Southland") == "CEASEFIRE AGREED"
    assert also_line(telling(), "Eastland-Westland") == "CEASEFIRE AGREED · Northland-Southland"


@pytest.mark.parametrize("family", families())
def test_every_status_of_a_family_has_words(family: str) -> None:
    assert wording_of(family).statuses.keys() == families()[family].statuses.keys()
