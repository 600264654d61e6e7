"""Who is in front of a page: by session, by a trusted proxy that did OpenID Connect, by a key in a feed's address, or nobody."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer

from services.desk.people.accounts import PERSON, ROLES, Accounts
from services.desk.settings import DeskSettings

SESSION = "session"
FEEDS = (".ics", ".atom")


@dataclass(frozen=True)
class Identity:
    """The person of a request with their role; `open_desk` where nobody signs in."""

    person: str
    role: str
    open_desk: bool = False

    def may(self, role: str) -> bool:
        """Whether this person may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True)
class Asked:
    """Of a request what says who sends it."""

    path: str
    peer: str
    cookies: dict[str, str]
    headers: dict[str, str]
    key: str = ""


class Doors:
    """Says who comes in."""

    def __init__(self, settings: DeskSettings, accounts: Accounts) -> None:
        self.settings, self.accounts = settings, accounts
        self._proxies = [ipaddress.ip_network(each) for each in settings.proxy_addresses]
        self._keys = URLSafeSerializer(accounts.secret("feeds"), salt="feed")

    @property
    def are_shut(self) -> bool:
        """Whether people sign in: where the operator says so, behind a proxy that knows them, or once anybody has an account."""
        return self.settings.sign_in or bool(self._proxies) or self.accounts.any()

    def who(self, asked: Asked, now: datetime) -> Identity | None:
        """Whose request it is; None: they have to sign in first."""
        if not self.are_shut:
            named = asked.cookies.get("person", "")
            return Identity(named if PERSON.fullmatch(named) else self.settings.person, "operator", open_desk=True)
        return self._of_session(asked, now) or self._of_proxy(asked) or self._of_key(asked)

    def _of_session(self, asked: Asked, now: datetime) -> Identity | None:
        account = self.accounts.session(asked.cookies.get(SESSION, ""), now)
        return Identity(account.person, account.role) if account else None

    def _of_proxy(self, asked: Asked) -> Identity | None:
        """Whom a trusted proxy names; the header of anybody else says nothing."""
        named = asked.headers.get(self.settings.proxy_user_header, "").split("@")[0].strip().lower()
        if not (named and self.trusts(asked.peer) and PERSON.fullmatch(named)):
            return None
        account = self.accounts.of(named)
        if account and not account.active:
            return None
        return Identity(named, account.role if account else self.settings.proxy_role)

    def trusts(self, peer: str) -> bool:
        """Whether an address is a configured proxy."""
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._proxies)

    def _of_key(self, asked: Asked) -> Identity | None:
        """A calendar or feed reader cannot sign in: its address carries a signed key that opens feeds alone."""
        if not (asked.key and asked.path.endswith(FEEDS)):
            return None
        try:
            person = self._keys.loads(asked.key)
        except BadSignature:
            return None
        account = self.accounts.of(person) if isinstance(person, str) else None
        return Identity(account.person, "reader") if account and account.active else None

    def key_of(self, person: str) -> str:
        """The key that this person's feed addresses carry."""
        return str(self._keys.dumps(person))
