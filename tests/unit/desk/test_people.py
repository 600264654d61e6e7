"""Who may use the desk: accounts, sessions, links that work once, roles, and the one proxy that is believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.desk.people.accounts import Accounts, NotSignedIn, TooMany
from services.desk.people.doors import Asked, Doors, Identity
from services.desk.requests import role_for
from services.desk.settings import DeskSettings
from services.desk.shell import OpenToOthers, leave_first_link, refuse_open_desk

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PASSWORD = "four words are good"


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    kept = Accounts(tmp_path / "accounts.sqlite")
    yield kept
    kept.close()


def made(accounts: Accounts, person: str, role: str = "editor") -> str:
    return accounts.enter(accounts.invite(person, role, "test", NOW), person, PASSWORD, NOW)


def asked(path: str = "/queue", peer: str = "127.0.0.1", key: str = "", **of: dict[str, str]) -> Asked:
    return Asked(path, peer, of.get("cookies", {}), of.get("headers", {}), key)


def test_a_link_makes_an_account_once(accounts: Accounts) -> None:
    link = accounts.invite("", "operator", "the first start", NOW)
    assert accounts.session(accounts.enter(link, "jl", PASSWORD, NOW), NOW) is not None
    with pytest.raises(NotSignedIn, match="used already"):
        accounts.enter(link, "mo", PASSWORD, NOW)


def test_a_link_ends_after_a_day(accounts: Accounts) -> None:
    link = accounts.invite("jl", "editor", "op", NOW)
    assert accounts.invited(link, NOW + timedelta(hours=25)) is None


def test_the_first_link_cannot_take_over_an_account(accounts: Accounts) -> None:
    link = accounts.invite("", "operator", "the first start", NOW)
    made(accounts, "jl", "reader")
    with pytest.raises(NotSignedIn, match="has an account already"):
        accounts.enter(link, "jl", PASSWORD, NOW)


def test_no_password_and_no_token_stands_in_the_file(accounts: Accounts, tmp_path: Path) -> None:
    token = made(accounts, "jl")
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"$argon2id$" in stored
    assert PASSWORD.encode() not in stored
    assert token.encode() not in stored


def test_name_and_password_begin_a_session_and_a_wrong_one_says_no_more_than_that(accounts: Accounts) -> None:
    made(accounts, "jl")
    token = accounts.sign_in("jl", PASSWORD, "127.0.0.1", NOW)
    account = accounts.session(token, NOW)
    assert account is not None
    assert (account.person, account.role) == ("jl", "editor")
    said = []
    for person in ("jl", "nobody-known"):
        with pytest.raises(NotSignedIn) as refused:
            accounts.sign_in(person, "wrong", "127.0.0.1", NOW)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_after_five_failures_even_the_right_password_waits(accounts: Accounts) -> None:
    made(accounts, "jl")
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            accounts.sign_in("jl", "wrong", "127.0.0.1", NOW)
    with pytest.raises(TooMany):
        accounts.sign_in("jl", PASSWORD, "10.0.0.9", NOW)
    assert accounts.sign_in("jl", PASSWORD, "127.0.0.1", NOW + timedelta(minutes=16))


@pytest.mark.parametrize("later", [timedelta(hours=13), timedelta(days=8)])
def test_a_session_that_rests_or_is_old_ends(accounts: Accounts, later: timedelta) -> None:
    token = made(accounts, "jl")
    assert accounts.session(token, NOW + later) is None


def test_a_closed_account_has_no_session_and_the_last_operator_stays(accounts: Accounts) -> None:
    made(accounts, "op", "operator")
    token = made(accounts, "jl")
    accounts.change("jl", "editor", active=False)
    assert accounts.session(token, NOW) is None
    with pytest.raises(NotSignedIn, match="only operator"):
        accounts.change("op", "reader", active=True)


def test_without_accounts_the_desk_is_open_and_with_one_it_is_shut(accounts: Accounts) -> None:
    doors = Doors(DeskSettings(), accounts)
    assert doors.who(asked(), NOW) == Identity("desk", "operator", open_desk=True)
    token = made(accounts, "jl", "reader")
    assert doors.who(asked(), NOW) is None
    assert doors.who(asked(cookies={"session": token}), NOW) == Identity("jl", "reader")
    assert doors.who(asked(cookies={"person": "jl"}), NOW) is None


def test_only_a_configured_proxy_is_believed(accounts: Accounts) -> None:
    doors = Doors(DeskSettings(proxy_addresses=("10.1.0.0/16",), proxy_role="editor"), accounts)
    named = {"x-forwarded-email": "Ines@desk.example"}
    assert doors.who(asked(peer="10.1.2.3", headers=named), NOW) == Identity("ines", "editor")
    assert doors.who(asked(peer="10.2.2.3", headers=named), NOW) is None
    assert doors.who(asked(peer="10.1.2.3"), NOW) is None


def test_a_feeds_key_opens_feeds_alone(accounts: Accounts) -> None:
    doors = Doors(DeskSettings(), accounts)
    made(accounts, "jl", "operator")
    key = doors.key_of("jl")
    assert doors.who(asked("/deadlines.ics", key=key), NOW) == Identity("jl", "reader")
    assert doors.who(asked("/queue", key=key), NOW) is None
    assert doors.who(asked("/deadlines.ics", key=key[:-2]), NOW) is None


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("GET", "/queue", "reader"),
        ("POST", "/acts", "editor"),
        ("POST", "/rules", "editor"),
        ("POST", "/delivery/pause", "editor"),
        ("POST", "/delivery/resume", "operator"),
        ("POST", "/sources/wire", "operator"),
        ("GET", "/people", "operator"),
        ("POST", "/account", "reader"),
    ],
)
def test_every_request_has_a_role(method: str, path: str, role: str) -> None:
    assert role_for(method, path) == role


def test_a_desk_that_others_can_reach_needs_a_sign_in(accounts: Accounts) -> None:
    with pytest.raises(OpenToOthers, match="SIGN_IN"):
        refuse_open_desk(DeskSettings(host="0.0.0.0"), Doors(DeskSettings(host="0.0.0.0"), accounts))
    shut = DeskSettings(host="0.0.0.0", sign_in=True)
    refuse_open_desk(shut, Doors(shut, accounts))


def test_the_first_start_leaves_a_link_that_only_its_user_can_read(accounts: Accounts, tmp_path: Path) -> None:
    settings = DeskSettings(accounts=tmp_path / "accounts.sqlite", port=8123)
    leave_first_link(settings, accounts)
    link = tmp_path / "desk-sign-in-link"
    assert link.read_text().startswith("http://127.0.0.1:8123/enter?token=")
    assert link.stat().st_mode & 0o077 == 0
    made(accounts, "jl")
    leave_first_link(settings, accounts)
    assert not link.exists()
