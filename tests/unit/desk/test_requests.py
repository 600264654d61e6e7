"""The desk answers its own pages under its own names, and nobody else."""

import pytest

from services.desk.requests import refusal


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.0.0.1"])
def test_loopback_names_are_answered(host: str) -> None:
    assert refusal("GET", host, None, None) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "192.168.1.2:8080", "", "127.0.0.1.evil.example"]
)
def test_a_name_pointed_at_the_desk_is_refused_with_the_cure(host: str) -> None:
    refused = refusal("GET", host, None, None)
    assert refused is not None
    assert "127.0.0.1" in refused


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://evil.example", None),
        (None, "cross-site"),
        (None, "same-site"),
        ("null", None),
        ("http://127.0.0.1:9999", None),
    ],
)
def test_another_page_cannot_act(origin: str | None, site: str | None) -> None:
    assert refusal("POST", "127.0.0.1:8080", origin, site) is not None


def test_the_desks_own_page_can_act() -> None:
    assert refusal("POST", "127.0.0.1:8080", "http://127.0.0.1:8080", "same-origin") is None
