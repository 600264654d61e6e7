"""No jar gets in unless it is listed with its checksum."""

import hashlib
from pathlib import Path

import pytest

from runtime.devbroker import jars


def sums_of(**content: bytes) -> dict[str, str]:
    return {f"{name}.jar": hashlib.sha256(data).hexdigest() for name, data in content.items()}


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.jar").write_bytes(b"A")
    (tmp_path / "b.jar").write_bytes(b"B")
    return tmp_path


def test_listed_jars_are_gathered_from_wherever_they_were_put(fetched: Path, tmp_path: Path) -> None:
    assert jars.gather(fetched, tmp_path / "out", sums_of(a=b"A", b=b"B")) is None
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jar", "b.jar"]


def test_a_changed_jar_is_refused_by_name(fetched: Path, tmp_path: Path) -> None:
    assert (
        jars.gather(fetched, tmp_path / "out", sums_of(a=b"A", b=b"other"))
        == "checksum differs from jars.sha256: b.jar"
    )


def test_a_missing_jar_is_named(fetched: Path, tmp_path: Path) -> None:
    assert jars.gather(fetched, tmp_path / "out", sums_of(a=b"A", c=b"C")) == "missing c.jar"


def test_a_jar_that_is_not_listed_stays_out(fetched: Path, tmp_path: Path) -> None:
    jars.gather(fetched, tmp_path / "out", sums_of(a=b"A"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.jar"]


def test_every_dependency_of_the_pom_has_its_jar_in_the_list() -> None:
    names = {f"{artifact}-{version}.jar" for _, artifact, version in (root.split(":") for root in jars.roots_of())}
    assert names <= jars.expected_sums().keys()
    assert names
