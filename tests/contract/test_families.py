"""The families' files hold the statuses, and nothing else in the code lists them."""

import re
from pathlib import Path

import pytest
import yaml

from schemas.families import FOLDER, families, read_family
from schemas.generate import ROOT

STATUSES = {(family.family, status) for family in families().values() for status in family.statuses}


def test_every_status_is_in_a_group_and_has_a_meaning() -> None:
    for family in families().values():
        used = {status.group for status in family.statuses.values()}
        assert used == set(family.groups), (
            f"{family.family}: a group without a status, or a status without a listed group"
        )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends_with": ["vanished"]}, "vanished"),
        ({"groups": ["sought"]}, "groups"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_family_with_an_error_is_refused_with_file_and_reason(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    document = yaml.safe_load((FOLDER / "ceasefire.yaml").read_text(encoding="utf-8")) | change
    path = tmp_path / "broken.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"(?s)broken\.yaml.*{says}"):
        read_family(path)


def test_a_rung_knows_its_ladder_and_height() -> None:
    ceasefire, sanctions = families()["ceasefire"], families()["sanctions"]
    assert ceasefire.rung("agreed") == ceasefire.rung("declared") == ("peace", 3)
    assert ceasefire.rung("violated") is None
    assert sanctions.rung("lifted") == ("relief", 3)


def test_no_python_file_lists_the_statuses_of_a_family() -> None:
    """Three or more quoted statuses on one line, or five in a row of lines, are a list: it belongs in the family's file."""
    names = sorted({status for _, status in STATUSES}, key=len, reverse=True)
    quoted = re.compile(rf"""["'](?:{"|".join(names)})["']""")
    listed = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("schemas", "runtime", "services", "console")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(quoted.findall(line)) >= 3
    ]
    assert listed == [], "read the statuses from schemas.families instead"
