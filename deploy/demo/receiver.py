"""A receiver of webhooks on loopback: checks the Standard Webhooks signature, honours ids, and shows what came.

    python -m deploy.demo.receiver --port 18200

`POST /alerts` takes a webhook; `GET /received` answers what came, newest first, with how often each id came. The secret is that of
`COPYTASTER_DEMO_WEBHOOK_SECRET` (one is made up for the demonstration, which never leaves this machine).
"""

from __future__ import annotations

import argparse
import binascii
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SECRET_NAME = "COPYTASTER_DEMO_WEBHOOK_SECRET"  # noqa: S105 - the variable's name
DEMO_SECRET = "whsec_ZGVtb25zdHJhdGlvbi1vbmx5LW5vdC1hLXNlY3JldA=="  # noqa: S105 - of the demonstration, on loopback
KEPT = 5000


@dataclass
class Received:
    """What came: the first body under each id, and how often each id came."""

    webhook: Webhook
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    def take(self, raw: bytes, headers: dict[str, str]) -> str | None:
        """Keep one webhook and say its id; None where the signature does not hold."""
        try:
            self.webhook.verify(raw, headers)
        except (WebhookVerificationError, binascii.Error, ValueError):
            self.refused += 1
            return None
        identity = headers["webhook-id"]
        self.times[identity] += 1
        if identity not in self.bodies and len(self.bodies) < KEPT:
            self.bodies[identity] = json.loads(raw)
        return identity


def application(received: Received) -> Starlette:
    """The receiver as an application."""

    async def take(request: Request) -> Response:
        identity = received.take(await request.body(), {name.lower(): value for name, value in request.headers.items()})
        return Response(status_code=204 if identity else 401)

    async def show(_: Request) -> Response:
        rows = [
            {"id": key, "times": received.times[key], "body": body} for key, body in reversed(received.bodies.items())
        ]
        return JSONResponse(
            {
                "received": rows,
                "repeats": sum(received.times.values()) - len(received.times),
                "refused": received.refused,
            }
        )

    return Starlette(routes=[Route("/alerts", take, methods=["POST"]), Route("/received", show)])


def main() -> None:
    """Serve until stopped."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--port", type=int, default=18200)
    said = ask.parse_args()
    received = Received(Webhook(os.environ.get(SECRET_NAME, DEMO_SECRET)))
    uvicorn.run(
        application(received), host="127.0.0.1", port=said.port, log_level="warning", timeout_graceful_shutdown=1
    )


if __name__ == "__main__":
    main()
