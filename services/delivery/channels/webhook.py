"""Webhooks as Standard Webhooks wants them: id, timestamp and signatures in headers; any 2xx is success, 410 ends it, no redirect is followed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
from standardwebhooks import Webhook

from runtime.guard import InternalAddress, guarded_client
from services.delivery.channels import Handed, Sender
from services.delivery.message import Message
from services.delivery.people import To, WebhookTo
from services.delivery.rendering import one_line, plain_text
from services.delivery.settings import Settings

KEYED = True
GONE, TOO_MANY = 410, 429
REDIRECTS = range(300, 400)
ANSWER_BYTES = 65_536


def rendered(message: Message) -> dict[str, Any]:
    """The payload as an object."""
    return {"subject": one_line(message.subject), "payload": payload(message)}


def payload(message: Message) -> dict[str, Any]:
    """`type`, `timestamp`, `data`: the form that Standard Webhooks recommends."""
    if message.kind in ("digest", "storm"):
        data: dict[str, Any] = {"alerts": [_data(message, number) for number in range(len(message.alerts))]}
    else:
        data = _data(message, -1)
    at = message.at or message.alert.raised_for
    return {"type": message.type, "timestamp": at.isoformat(), "data": data | {"subject": one_line(message.subject)}}


def _data(message: Message, number: int) -> dict[str, Any]:
    alert = message.alerts[number]
    body = alert.model_dump(
        mode="json", include={"id", "revision", "person", "conversation", "replaces", "urgent", "detector"}
    )
    lead, head = alert.lead, alert.head
    shown = {"family", "status", "reality", "polarity", "kind", "was", "was_reality", "reason", "particulars"}
    return body | {
        "words": alert.words.model_dump(mode="json"),
        "lead": lead.model_dump(mode="json", include=shown),
        "dossier": lead.dossier.model_dump(mode="json", include={"id", "title", "parties", "imposer", "target"}),
        "evidence": lead.assertion.evidence if lead.assertion else None,
        "marks": [list(mark) for mark in lead.assertion.marks] if lead.assertion else [],
        "rules": [
            rule.model_dump(mode="json", include={"rule", "version", "title", "because"}) for rule in alert.rules
        ],
        "article": {"url": head.url, "outlet": head.outlet.name, "language": head.language} if head else None,
        "text": plain_text(Message((alert,), missed=message.missed, desk_url=message.desk_url)),
        "missed": message.missed,
        "possible_repeat": message.possible_repeat,
    }


def receiver(to: To) -> str:
    """The address, by its hash: it may hold a secret."""
    said = to.url or to.url_env if isinstance(to, WebhookTo) else ""
    return f"webhook {hashlib.sha256(str(said).encode()).hexdigest()[:12]}"


def headers_of(message_id: str, body: str, secrets: tuple[str, ...], now: datetime) -> dict[str, str]:
    """The three headers; several secrets give several signatures, so that a receiver may know either."""
    signatures = " ".join(Webhook(secret).sign(message_id, now, body) for secret in secrets)
    stamp = str(int(now.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": signatures,
        "content-type": "application/json",
    }


class _Webhook:
    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.call_seconds
        self._clients: dict[bool, httpx2.AsyncClient] = {}

    async def send(self, message: Message, to: To) -> Handed:
        """Post once. Raises `TimeoutError` or `OSError` when no answer came."""
        assert isinstance(to, WebhookTo)  # noqa: S101 - people.py gives each channel its own kind
        body = json.dumps(payload(message), ensure_ascii=False, separators=(",", ":"))
        try:
            headers = headers_of(message.id, body, to.secrets(), datetime.now(UTC))
            return await self._post(to.address(), to.internal, body, headers)
        except InternalAddress as error:
            return Handed(False, str(error), unsent=True, down=True)
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, ValueError) as error:
            return Handed(False, f"cannot be sent: {error}", unsent=True, down=True)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            return Handed(False, f"{type(error).__name__}: the receiver cannot be reached", unsent=True, down=True)
        except httpx2.HTTPError as error:
            raise OSError(f"{type(error).__name__}: no answer") from error

    async def _post(self, url: str, internal: bool, body: str, headers: dict[str, str]) -> Handed:
        """The status decides as soon as it is there; what comes after it may take no more time than the call itself."""
        client = self._client(internal)
        async with asyncio.timeout(self._seconds):
            response = await client.send(
                client.build_request("POST", url, content=body.encode(), headers=headers), stream=True
            )
        await _drained(response, self._seconds)
        return judged(response.status_code, response.headers.get("retry-after"), datetime.now(UTC))

    def _client(self, internal: bool) -> httpx2.AsyncClient:
        if internal not in self._clients:
            self._clients[internal] = guarded_client(allow_internal=internal, timeout=self._seconds)
        return self._clients[internal]

    async def close(self) -> None:
        """Close the clients."""
        for client in self._clients.values():
            await client.aclose()


async def _drained(response: httpx2.Response, seconds: float) -> None:
    """Read what little a good receiver answers, so that the connection can serve again; the status has decided already."""
    read = 0
    try:
        async with asyncio.timeout(seconds):
            async for piece in response.aiter_raw():
                read += len(piece)
                if read > ANSWER_BYTES:
                    return
    except (httpx2.HTTPError, TimeoutError):
        return
    finally:
        await response.aclose()


def judged(status: int, retry_after: str | None, now: datetime) -> Handed:
    """What an answer means: 2xx is success, 410 ends the channel, everything else (redirects too) is tried again."""
    if 200 <= status < 300:
        return Handed(True, f"{status}")
    if status == GONE:
        return Handed(False, "410: the receiver wants nothing more", gone=True)
    wish = _seconds(retry_after, now)
    if status in REDIRECTS:
        return Handed(
            False, f"{status}: redirects are not followed; give the address that it leads to", wish, unsent=True
        )
    ailing = status >= 500 or status == TOO_MANY
    return Handed(False, f"{status}", wish, unsent=status < 500, down=ailing)


def _seconds(said: str | None, now: datetime) -> float | None:
    if not said:
        return None
    if said.isdigit():
        return min(float(said), 86_400.0)
    try:
        return min(max((parsedate_to_datetime(said) - now).total_seconds(), 0.0), 86_400.0)
    except (ValueError, TypeError):
        return None


def opened(settings: Settings) -> Sender:
    """The webhook channel. The client's own log is silenced: it names whole addresses, and an address may hold a secret."""
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    return _Webhook(settings)
