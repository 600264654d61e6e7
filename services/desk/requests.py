"""Which requests the desk answers: from its own pages, under its own names."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

FOR_OPERATORS = ("/sources", "/delivery/resume", "/delivery/test")

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # without a referrer a browser sends `Origin: null` with our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def role_for(method: str, path: str) -> str:
    """The role that a request needs: everybody reads, editors act, operators look after sources, delivery and people."""
    if path.startswith("/people"):
        return "operator"
    if method in SAFE_METHODS or path in ("/why", "/shift", "/sign-out", "/account"):
        return "reader"
    return "operator" if path.startswith(FOR_OPERATORS) else "editor"


def refusal(
    method: str, host: str, origin: str | None, fetch_site: str | None, names: tuple[str, ...] = ()
) -> str | None:
    """Why a request is refused, None if it is not; `names` are those under which the desk is published beside loopback.

    A name that is not loopback means that another site's name was pointed at this desk; a foreign `Origin` or `Sec-Fetch-Site` on a
    request that changes something means that another page sent it.
    """
    name = urlsplit(f"//{host}").hostname or ""
    if not is_loopback(name) and name not in names:
        known = f"127.0.0.1, localhost{''.join(f', {each}' for each in names)}"
        return f"the desk answers to {known} and not to {name[:80]!r}: open it so, or name it in COPYTASTER_DESK_NAMES"
    if method in SAFE_METHODS:
        return None
    if fetch_site not in (None, "same-origin", "none"):
        return "another site sent this request: act on the desk's own page"
    if origin is not None and urlsplit(origin).netloc != host:
        return f"the request came from {origin[:80]!r}: act on the desk's own page"
    return None
