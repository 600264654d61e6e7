"""The guard against internal addresses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

import httpcore2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.guard import GuardedBackend, InternalAddress, checked, guarded_client, is_internal, public_addresses

INTERNAL = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.1.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "192.88.99.1",
    "198.18.0.1",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:a00:1::1",
    "2001:0:a00:1::1",
    "fe80::1%eth0",
    "fd00::1",
    "fec0::1",
    "2606:4700::5efe:a00:1",
    "ff02::1",
    "2001:db8::1",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("address", INTERNAL)
def test_address_inside_is_internal_however_it_is_wrapped(address: str) -> None:
    assert is_internal(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_not_internal(address: str) -> None:
    assert not is_internal(ip_address(address))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::", "::"]))
def test_wrapped_address_is_judged_as_the_one_inside(inner: object, prefix: str) -> None:
    wrapped = ip_address(int(ip_address(prefix)) + int(inner))  # type: ignore[call-overload]
    assert is_internal(wrapped) == is_internal(ip_address(str(inner)))


def test_one_internal_address_among_public_ones_refuses_the_host() -> None:
    with pytest.raises(InternalAddress, match=r"news\.example leads to 10\.0\.0\.1"):
        checked("news.example", ["8.8.8.8", "10.0.0.1"])


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost"])
def test_unusual_spelling_of_loopback_is_refused(host: str) -> None:
    with pytest.raises(InternalAddress):
        public_addresses(host, 80)


@asynccontextmanager
async def page_server(answer: bytes) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


async def test_guarded_client_refuses_a_server_inside() -> None:
    async with page_server(OK) as port, guarded_client(allow_internal=False) as client:
        with pytest.raises(InternalAddress, match="mark the source"):
            await client.get(f"http://127.0.0.1:{port}/")


async def test_client_of_an_internal_source_reaches_it() -> None:
    async with page_server(OK) as port, guarded_client(allow_internal=True) as client:
        assert (await client.get(f"http://127.0.0.1:{port}/")).text == "ok"


async def test_redirect_is_not_followed_by_the_client_itself() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with page_server(moved) as port, guarded_client(allow_internal=True) as client:
        assert (await client.get(f"http://127.0.0.1:{port}/")).status_code == 302


async def test_the_pool_of_the_client_connects_through_the_guard() -> None:
    """The pool is given by a private name of httpx2: this fails when that name goes."""
    async with guarded_client(allow_internal=False) as client:
        pool = client._transport._pool  # type: ignore[attr-defined]
        assert isinstance(pool, httpcore2.AsyncConnectionPool)
        assert isinstance(pool._network_backend, GuardedBackend)


async def test_socket_file_is_refused() -> None:
    with pytest.raises(InternalAddress):
        await GuardedBackend(allow_internal=True).connect_unix_socket("/run/x.sock")


async def test_cookies_are_not_kept() -> None:
    with_cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with page_server(with_cookie) as port, guarded_client(allow_internal=True) as client:
        await client.get(f"http://127.0.0.1:{port}/")
        assert len(client.cookies) == 0
