"""A publisher on loopback that answers what a test tells it to."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
OK_TEXT = " ".join(
    ["The ferry to the islands is late again because of the tide, the harbour master told reporters."] * 4
)


def page(headline: str, text: str = OK_TEXT) -> bytes:
    return f"<html><head><title>{headline}</title></head><body><article><h1>{headline}</h1><p>{text}</p></article></body></html>".encode()


def rss(*names: str, published: str = "", base: str = "") -> bytes:
    items = "".join(
        f"<item><title>{name}</title><link>{base}/{name}</link>{f'<pubDate>{published}</pubDate>' if published else ''}</item>"
        for name in names
    )
    return f'<rss version="2.0"><channel><title>Harbour</title>{items}</channel></rss>'.encode()


@dataclass
class Outlet:
    """`answers` by path: an answer, or a function of the request's headers that gives one. `asked` counts requests by path."""

    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    base: str = ""

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        self.asked[path] += 1
        found = self.answers.get(path, (404, {}, b"nothing here"))
        return found(headers) if callable(found) else found

    def say(self, path: str, body: bytes, kind: str = "text/html", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": kind, **named}, body)


@contextmanager
def outlet() -> Iterator[Outlet]:
    here = Outlet()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = here.answer(self.path, {k.lower(): v for k, v in self.headers.items()})
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
