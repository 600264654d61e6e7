"""One address for one article: as browsers read it, without what only tracks, and a canonical link believed only at home."""

from __future__ import annotations

from ada_url import URL, join_url
from courlan import clean_url, extract_domain

MAX_LENGTH = 2000


def clean_address(url: str) -> str:
    """The address as browsers read it, without tracking parameters and fragment; the same again for its own result.

    An address that cannot be read is returned as it is.
    """
    try:
        parsed = URL(url.strip()[:MAX_LENGTH])
    except ValueError:
        return url
    parsed.hash = ""
    return clean_url(parsed.href) or parsed.href


def canonical_address(final_url: str, claimed: list[str]) -> str:
    """The first claim that is an address of the same registrable domain, cleaned; without one the page's own address.

    A claim for a front page is none: it would make one article of all.
    """
    own = clean_address(final_url)
    for claim in claimed:
        if (address := _joined(final_url, claim)) and at_home(address, own) and _says_more(address, own):
            return address
    return own


def at_home(address: str, own: str) -> bool:
    """Whether both addresses belong to one registrable domain, or to one host where there is none."""
    return _host(address) == _host(own) or (bool(_domain(own)) and _domain(address) == _domain(own))


def _domain(url: str) -> str | None:
    """The registrable domain; under a suffix that is not listed the last two labels, and none for an address in digits."""
    labels = _host(url).split(".")
    if len(labels) < 2 or labels[-1].isdigit() or ":" in labels[0]:
        return None
    return extract_domain(url, fast=False) or ".".join(labels[-2:])


def _host(url: str) -> str:
    try:
        return URL(url).host
    except ValueError:
        return ""


def _joined(base: str, claim: str) -> str | None:
    try:
        address = join_url(base, claim.strip()[:MAX_LENGTH])
    except ValueError:
        return None
    return clean_address(address) if address.startswith(("http://", "https://")) else None


def _says_more(address: str, own: str) -> bool:
    return bool(URL(address).pathname.strip("/") or URL(address).search) or not URL(own).pathname.strip("/")
