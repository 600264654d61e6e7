"""The guard against internal addresses: every name is resolved once, every address of it is checked, and one of those is connected to.

It works where the connection is made, so that a redirect, a changed answer of the name server or an unusual spelling of an address
(decimal, hex, `127.1`) meets the same check; the certificate is still checked against the name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable, Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpcore2
import httpx2

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_REFUSED = tuple(
    ip_network(block)
    for block in (
        "192.88.99.0/24",  # relays of 6to4, withdrawn
        "64:ff9b:1::/48",  # NAT64 of one's own network
        "fec0::/10",  # site-local, withdrawn
        "5f00::/16",  # segment routing inside one network
    )
)
_ISATAP = {0x00005EFE, 0x02005EFE}


class InternalAddress(Exception):  # noqa: N818 - says what the host is
    """A host that leads to an address inside this network; the text names the host, the address and the cure."""


def is_internal(address: Address) -> bool:
    """Whether the address, or one packed into it (mapped, compatible, NAT64, 6to4, Teredo, ISATAP), is not of the public internet."""
    return not _public(address) or any(not _public(inner) for inner in _packed(address))


def _public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and any(_carriers(address)):
        return True  # a wrapping alone says nothing: what is packed in it decides
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not special and not any(address in block for block in _REFUSED)


def _carriers(address: IPv6Address) -> tuple[bool, ...]:
    """Which wrappings of an IPv4 address this one is; `::` and `::1` are none."""
    return (
        address.ipv4_mapped is not None,
        address in _NAT64,
        address in _COMPATIBLE and int(address) > 1,
    )


def _packed(address: Address) -> Iterator[IPv4Address]:
    if isinstance(address, IPv4Address):
        return
    if any(_carriers(address)):
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def checked(host: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """The addresses as given, all of them public. Raises `InternalAddress` if a single one is not."""
    kept = tuple(dict.fromkeys(addresses))
    for address in kept:
        if is_internal(ip_address(address)):
            raise InternalAddress(
                f"{host} leads to {address}, which is no public address; if it is meant, mark the source or channel as internal"
            )
    return kept


def public_addresses(host: str, port: int) -> tuple[str, ...]:
    """Every address that the host has now. Raises `InternalAddress`, or `OSError` where the name has none. It waits for the name server."""
    return checked(host, _spelled(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def _spelled(
    found: Iterable[tuple[object, object, object, object, tuple[str | int, ...] | tuple[int, bytes]]],
) -> list[str]:
    return [str(sockaddr[0]) for *_, sockaddr in found]


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses only, unless `allow_internal`."""

    def __init__(self, *, allow_internal: bool) -> None:
        self._allow_internal = allow_internal
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the first address that answers. Raises `InternalAddress`, `httpcore2.ConnectError` or `ConnectTimeout`."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._addresses(host, port)
                return await self._first(addresses, port, timeout, local_address, socket_options)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"{host}:{port} did not answer within {timeout} s") from error

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        loop = asyncio.get_running_loop()
        try:
            found = _spelled(await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"no address is known for {host!r}: {error}") from error
        return tuple(dict.fromkeys(found)) if self._allow_internal else checked(host, found)

    async def _first(
        self,
        addresses: tuple[str, ...],
        port: int,
        timeout: float | None,  # noqa: ASYNC109
        local_address: str | None,
        options: Iterable[httpcore2.SOCKET_OPTION] | None,
    ) -> httpcore2.AsyncNetworkStream:
        refused: Exception = httpcore2.ConnectError("the host has no address")
        share = None if timeout is None else timeout / max(1, len(addresses))
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, share, local_address, options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                refused = error
        raise refused

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Never: a socket file is inside this machine."""
        raise InternalAddress(f"{path} is a socket of this machine; give an http or https address")

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between tries."""
        await asyncio.sleep(seconds)


def guarded_client(
    *,
    allow_internal: bool,
    timeout: httpx2.Timeout | float = 20.0,
    headers: dict[str, str] | None = None,
    max_connections: int = 200,
    keep_alive: int = 50,
    http2: bool = True,
    verify: ssl.SSLContext | bool = True,
) -> httpx2.AsyncClient:
    """A client that reaches public addresses only, unless `allow_internal`; `timeout` in seconds.

    It follows no redirect by itself, keeps no cookie and reads no proxy from the environment. Requests raise `InternalAddress`
    where a host leads inside. Close it with `aclose()` or use it as a context.
    """
    context = httpx2.create_ssl_context(verify=verify, trust_env=False)
    transport = httpx2.AsyncHTTPTransport(verify=context, trust_env=False, http2=http2)
    transport._pool = httpcore2.AsyncConnectionPool(  # there is no public way to give a backend; a test pins this one
        ssl_context=context,
        max_connections=max_connections,
        max_keepalive_connections=keep_alive,
        keepalive_expiry=15.0,
        http2=http2,
        network_backend=GuardedBackend(allow_internal=allow_internal),
    )
    return httpx2.AsyncClient(
        transport=transport,
        timeout=timeout,
        headers=headers,
        follow_redirects=False,
        trust_env=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
    )
