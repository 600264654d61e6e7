"""A mail server on loopback that keeps the last mails and delivers none; `GET /mails` on a second port lists them, newest last."""

from __future__ import annotations

import argparse
import json
from collections import deque
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

KEPT = 200


class Mails:
    """What came in, as aiosmtpd hands it over."""

    def __init__(self) -> None:
        self.kept: deque[dict[str, Any]] = deque(maxlen=KEPT)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the name that aiosmtpd calls
        """Keep one mail."""
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 - the default policy makes no other
        self.kept.append(shown(mail, envelope.rcpt_tos))
        return "250 kept"


def shown(mail: EmailMessage, recipients: list[str]) -> dict[str, Any]:
    """A mail as JSON."""
    names = ("From", "To", "Subject", "Message-ID", "In-Reply-To", "References")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    parts = {"text": plain.get_content() if plain else "", "html": html.get_content() if html else ""}
    return {"recipients": recipients, **{name.lower(): mail.get(name) for name in names}, **parts}


def page(mails: Mails, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """The page that lists the mails; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path.split("?")[0] in ("/mails", "/livez")
            body = json.dumps({"mails": list(mails.kept)}, ensure_ascii=False).encode() if found else b"{}"
            self.send_response(200 if found else 404)
            self.send_header("content-length", str(len(body)))
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    return ThreadingHTTPServer((host, port), Handler)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="A mail server that keeps the last mails and delivers none.")
    parser.add_argument("--port", type=int, default=18025)
    parser.add_argument("--page-port", type=int, default=18026)
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    mails = Mails()
    controller = Controller(mails, hostname=given.host, port=given.port)
    controller.start()
    with page(mails, given.page_port, given.host) as serving:
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            controller.stop()


if __name__ == "__main__":
    main()
