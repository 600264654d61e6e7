"""A mail server on loopback that keeps the last mails and shows them: nothing leaves this machine.

python -m deploy.demo.mailsink --port 18225 --page-port 18226
"""

from __future__ import annotations

import argparse
from collections import deque
from email import message_from_bytes, policy
from typing import Any

import uvicorn
from aiosmtpd.controller import Controller
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEPT = 500


class Sink:
    """Takes every mail; the newest are kept."""

    def __init__(self) -> None:
        self.mails: deque[dict[str, Any]] = deque(maxlen=KEPT)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name and form
        """Keep one mail."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        plain = mail.get_body(("plain",))
        headers = ("Message-ID", "In-Reply-To", "Subject", "From", "Date")
        kept = {name.lower(): str(mail[name]) for name in headers if mail[name]}
        self.mails.appendleft({"to": list(envelope.rcpt_tos), **kept, "text": plain.get_content() if plain else ""})
        return "250 kept"


def main() -> None:
    """Serve until stopped."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--port", type=int, default=18225)
    ask.add_argument("--page-port", type=int, default=18226)
    said = ask.parse_args()
    sink = Sink()

    async def show(_: Request) -> Response:
        return JSONResponse({"mails": list(sink.mails)})

    controller = Controller(sink, hostname="127.0.0.1", port=said.port)
    controller.start()
    try:
        pages = Starlette(routes=[Route("/mails", show)])
        uvicorn.run(pages, host="127.0.0.1", port=said.page_port, log_level="warning", timeout_graceful_shutdown=1)
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
