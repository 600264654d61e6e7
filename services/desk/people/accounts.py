"""The file of accounts, sessions, invitations and failed attempts. Only hashes of passwords and of tokens stand in it."""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.desk.store import connect

ROLES = ("reader", "editor", "operator")
PERSON = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
INVITED = timedelta(hours=24)
WINDOW = timedelta(minutes=15)
MOST_FAILURES = {"person": 5, "address": 20}
SHORTEST, LONGEST_PASSWORD = 12, 200
TABLES = """
create table if not exists accounts (person text primary key, role text, hash text, active integer, made_at text, made_by text);
create table if not exists sessions (token text primary key, person text, begun text, seen text);
create table if not exists invitations (token text primary key, person text, role text, until text, by text);
create table if not exists failures (about text, at text);
create index if not exists failures_about on failures (about, at);
create table if not exists secrets (name text primary key, value text);
"""


class NotSignedIn(ValueError):  # noqa: N818 - what the page says
    """A sign-in, an invitation or a password that is refused; the text names the rule and the cure."""


class TooMany(NotSignedIn):
    """Too many failed attempts: `seconds` until the next may be made."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many attempts that failed: wait {seconds // 60 + 1} min, or ask an operator for a link")
        self.seconds = seconds


@dataclass(frozen=True)
class Account:
    """A person who may sign in."""

    person: str
    role: str
    active: bool
    made_at: str = ""
    made_by: str = ""


class Accounts:
    """All that concerns signing in. One connection, one question at a time; hashing is bounded, since each takes 64 MiB."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._db = connect(path)
        self._db.executescript(TABLES)
        self._lock, self._hashing = threading.RLock(), threading.Semaphore(2)
        self._hasher = PasswordHasher()
        self._of_nobody = self._hasher.hash(secrets.token_urlsafe())
        self._any: bool = self._db.execute("select count(*) from accounts").fetchone()[0] > 0

    @contextmanager
    def _held(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._db

    def any(self) -> bool:
        """Whether anybody has an account: from then on everybody signs in."""
        return self._any

    def of(self, person: str) -> Account | None:
        """The account of a person, None where there is none."""
        with self._held() as db:
            row = db.execute("select * from accounts where person = ?", (person,)).fetchone()
        return _account(row) if row else None

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self._held() as db:
            return [_account(row) for row in db.execute("select * from accounts order by person")]

    def invite(self, person: str, role: str, by: str, now: datetime) -> str:
        """A token that makes, once and within a day, an account with a password (or gives a new password). Raises `NotSignedIn`."""
        if role not in ROLES:
            raise NotSignedIn(f"{role[:40]!r} is no role: it is one of {', '.join(ROLES)}")
        if person and not PERSON.fullmatch(person):
            raise NotSignedIn(f"{person[:40]!r} is no name here: small letters, digits, dots and hyphens, as `jl`")
        token = secrets.token_urlsafe(32)
        row = (_hashed(token), person, role, (now + INVITED).isoformat(), by)
        with self._held() as db:
            db.execute("delete from invitations where until < ?", (now.isoformat(),))
            db.execute("insert into invitations values (?, ?, ?, ?, ?)", row)
        return token

    def invited(self, token: str, now: datetime) -> Account | None:
        """For whom a token is, None if it was used, has expired or never was."""
        with self._held() as db:
            row = db.execute(
                "select * from invitations where token = ? and until > ?", (_hashed(token), now.isoformat())
            ).fetchone()
        return Account(row["person"], row["role"], active=True, made_by=row["by"]) if row else None

    def enter(self, token: str, person: str, password: str, now: datetime) -> str:
        """Use an invitation: the account stands with this password, and the session of its person begins. Raises `NotSignedIn`."""
        invited = self.invited(token, now)
        if invited is None:
            raise NotSignedIn("this link was used already or is older than a day: ask an operator for another")
        person = invited.person or person
        if not PERSON.fullmatch(person):
            raise NotSignedIn(f"{person[:40]!r} is no name here: small letters, digits, dots and hyphens, as `jl`")
        if not invited.person and self.of(person):
            raise NotSignedIn(f"{person} has an account already: sign in, or take other initials")
        made = self._made(password)
        with self._held() as db:
            used = db.execute("delete from invitations where token = ?", (_hashed(token),)).rowcount
            if not used:
                raise NotSignedIn("this link was used already: ask an operator for another")
            row = (person, invited.role, made, now.isoformat(), invited.made_by)
            db.execute("insert or replace into accounts values (?, ?, ?, 1, ?, ?)", row)
            db.execute("delete from sessions where person = ?", (person,))
            self._any = True
        return self.begin(person, now)

    def _made(self, password: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST_PASSWORD:
            raise NotSignedIn(f"a password has {SHORTEST} to {LONGEST_PASSWORD} characters: four words are good")
        with self._hashing:
            return self._hasher.hash(password)

    def sign_in(self, person: str, password: str, address: str, now: datetime) -> str:
        """The token of a new session. Raises `NotSignedIn`, the same for a wrong name and a wrong password; `TooMany` after failures."""
        about = {"person": f"person {person[:64]}", "address": f"address {address}"}
        self._refuse_many(about, now)
        with self._held() as db:
            row = db.execute("select * from accounts where person = ? and active", (person,)).fetchone()
        if not self._fits(row["hash"] if row else self._of_nobody, password) or not row:
            with self._held() as db:
                db.executemany("insert into failures values (?, ?)", [(one, now.isoformat()) for one in about.values()])
            raise NotSignedIn("name and password do not fit: try again, or ask an operator for a link")
        with self._held() as db:
            db.execute("delete from failures where about = ?", (about["person"],))
            if self._hasher.check_needs_rehash(row["hash"]):
                db.execute("update accounts set hash = ? where person = ?", (self._hasher.hash(password), person))
        return self.begin(person, now)

    def _refuse_many(self, about: dict[str, str], now: datetime) -> None:
        since = (now - WINDOW).isoformat()
        with self._held() as db:
            db.execute("delete from failures where at < ?", (since,))
            for kind, one in about.items():
                rows = db.execute("select at from failures where about = ? order by at desc", (one,)).fetchall()
                if len(rows) >= MOST_FAILURES[kind]:
                    oldest = datetime.fromisoformat(rows[MOST_FAILURES[kind] - 1]["at"])
                    raise TooMany(max(1, int((oldest + WINDOW - now).total_seconds())))

    def _fits(self, made: str, password: str) -> bool:
        try:
            with self._hashing:
                return self._hasher.verify(made, password[: LONGEST_PASSWORD + 1])
        except (VerificationError, InvalidHashError):
            return False

    def change_password(self, person: str, old: str, new: str, address: str, now: datetime) -> str:
        """Another password; every session of the person ends, and the token of a new one is given. Raises `NotSignedIn`."""
        self.sign_in(person, old, address, now)
        made = self._made(new)
        with self._held() as db:
            db.execute("update accounts set hash = ? where person = ?", (made, person))
            db.execute("delete from sessions where person = ?", (person,))
        return self.begin(person, now)

    def begin(self, person: str, now: datetime) -> str:
        """The token of a new session of a person."""
        token = secrets.token_urlsafe(32)
        with self._held() as db:
            db.execute("delete from sessions where seen < ?", ((now - IDLE).isoformat(),))
            db.execute(
                "insert into sessions values (?, ?, ?, ?)", (_hashed(token), person, now.isoformat(), now.isoformat())
            )
        return token

    def session(self, token: str, now: datetime) -> Account | None:
        """Whose session a token is, None when it ended: after 12 hours without a page, or 7 days, or when the account was closed."""
        if not token:
            return None
        with self._held() as db:
            row = db.execute(
                "select s.seen, a.* from sessions s join accounts a on a.person = s.person"
                " where s.token = ? and s.seen > ? and s.begun > ? and a.active",
                (_hashed(token), (now - IDLE).isoformat(), (now - LONGEST).isoformat()),
            ).fetchone()
            if row and datetime.fromisoformat(row["seen"]) < now - timedelta(minutes=1):
                db.execute("update sessions set seen = ? where token = ?", (now.isoformat(), _hashed(token)))
        return _account(row) if row else None

    def end(self, token: str) -> None:
        """End a session."""
        with self._held() as db:
            db.execute("delete from sessions where token = ?", (_hashed(token),))

    def change(self, person: str, role: str, *, active: bool) -> None:
        """Another role, or an account closed or opened again; sessions of a closed one end. Raises `NotSignedIn`."""
        if role not in ROLES or self.of(person) is None:
            raise NotSignedIn(f"{person[:40]!r} has no account, or {role[:40]!r} is no role ({', '.join(ROLES)})")
        with self._held() as db:
            others = "select count(*) from accounts where role = 'operator' and active and person != ?"
            if not (active and role == "operator") and not db.execute(others, (person,)).fetchone()[0]:
                raise NotSignedIn(f"{person} is the only operator: make somebody else an operator first")
            db.execute("update accounts set role = ?, active = ? where person = ?", (role, active, person))
            if not active:
                db.execute("delete from sessions where person = ?", (person,))

    def secret(self, name: str) -> str:
        """A secret of this desk, made at the first question."""
        with self._held() as db:
            db.execute("insert or ignore into secrets values (?, ?)", (name, secrets.token_urlsafe(32)))
            return str(db.execute("select value from secrets where name = ?", (name,)).fetchone()["value"])

    def close(self) -> None:
        """Give the file back."""
        self._db.close()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _account(row: sqlite3.Row) -> Account:
    return Account(row["person"], row["role"], bool(row["active"]), row["made_at"], row["made_by"])
