"""A receiver of webhooks on loopback that does what a good one does: verifies the signature, knows repeats by their id, answers at once.

`GET /received` lists what came, newest last; `GET /livez` answers 200. The secret is COPYTASTER_DEMO_SECRET (several, parted by blanks).
Alerts are shown on standard output.
"""

from __future__ import annotations

import argparse
import binascii
import json
import os
import sys
import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

KEPT = 2000
LARGEST = 1_000_000


@dataclass
class Received:
    """One message by its id; `times` counts its arrivals."""

    id: str
    at: str
    type: str
    subject: str
    data: dict[str, Any]
    times: int = 1


@dataclass
class Box:
    """What was received, by id."""

    secrets: tuple[str, ...]
    messages: dict[str, Received] = field(default_factory=dict)
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """The answer to one post: 204, or 401 where no secret has signed it, or 400 where it is no JSON."""
        if not any(_is_signed(secret, body, headers) for secret in self.secrets):
            with self.lock:
                self.refused += 1
            return 401
        try:
            said = json.loads(body)
        except ValueError:
            return 400
        self._keep({name.lower(): value for name, value in headers.items()}["webhook-id"], said)
        return 204

    def _keep(self, message_id: str, said: dict[str, Any]) -> None:
        with self.lock:
            if message_id in self.messages:
                self.messages[message_id].times += 1
                return
            data = dict(said.get("data") or {})
            at = datetime.now(UTC).isoformat()
            self.messages[message_id] = Received(message_id, at, str(said.get("type")), str(data.get("subject")), data)
            while len(self.messages) > KEPT:
                self.messages.pop(next(iter(self.messages)))
        sys.stdout.write(f"{at[11:19]} {data.get('person', '')}: {data.get('subject', '')}\n")
        sys.stdout.flush()

    def report(self) -> dict[str, Any]:
        """What came, as JSON."""
        with self.lock:
            listed = [asdict(message) for message in self.messages.values()]
        repeats = sum(message["times"] - 1 for message in listed)
        return {"count": len(listed), "repeats": repeats, "refused": self.refused, "received": listed}


def _is_signed(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, binascii.Error, ValueError):
        return False
    return True


def server(box: Box, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """The receiver, ready to serve; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            if length > LARGEST:
                self._answer(413, b"")
                self.close_connection = True
                return
            self._answer(box.take(self.rfile.read(length), dict(self.headers.items())), b"")

        def do_GET(self) -> None:
            found = self.path.split("?")[0] in ("/received", "/livez")
            self._answer(
                200 if found else 404, json.dumps(box.report(), ensure_ascii=False).encode() if found else b"{}"
            )

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Only alerts are shown."""

    return ThreadingHTTPServer((host, port), Handler)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--port", type=int, default=18200)
    parser.add_argument(
        "--host", default="127.0.0.1", help="loopback unless the receiver stands in a container of its own"
    )
    given = parser.parse_args()
    secrets = tuple(os.environ.get("COPYTASTER_DEMO_SECRET", "").split())
    if not secrets:
        sys.stderr.write(
            "receiver: COPYTASTER_DEMO_SECRET is empty; give it the secret that delivery signs with (whsec_…)\n"
        )
        raise SystemExit(2)
    with server(Box(secrets), given.port, given.host) as serving:
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
