"""Mails with plain text and HTML. A conversation is one thread: its root is derived, each mail answers what it updates or corrects."""

from __future__ import annotations

import asyncio
import contextlib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any

import aiosmtplib

from services.delivery.channels import Handed, Sender
from services.delivery.message import Message
from services.delivery.people import EmailTo, To
from services.delivery.rendering import html_text, one_line, plain_text
from services.delivery.settings import Settings

KEYED = False
REFUSED_FOR_GOOD = 500
GOOD_BYE_SECONDS = 1.0


def rendered(message: Message) -> dict[str, Any]:
    """Subject, plain text and HTML."""
    return {"subject": subject_of(message), "text": plain_text(message), "html": html_text(message)}


def subject_of(message: Message) -> str:
    """The subject: on one line, without control characters."""
    return one_line(("Possible repeat: " if message.possible_repeat else "") + message.subject)


def mail_of(message: Message, sender: str, address: str) -> EmailMessage:
    """The mail with its ids: the same message has the same Message-ID however often it is sent."""
    domain = parseaddr(sender)[1].partition("@")[2] or "copytaster.invalid"
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, address, subject_of(message)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    root = f"<{message.alert.conversation}@{domain}>"
    answers = f"<{message.alert.replaces}@{domain}>" if message.alert.replaces else root
    mail["In-Reply-To"], mail["References"] = answers, root if answers == root else f"{root} {answers}"
    mail["Auto-Submitted"] = "auto-generated"
    if message.alert.urgent and message.kind == "alert":
        mail["X-Priority"] = "1"
    mail.set_content(plain_text(message))
    mail.add_alternative(html_text(message), subtype="html")
    return mail


def receiver(to: To) -> str:
    """The mail server, which all mails share."""
    return "mail server"


class _Email:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, message: Message, to: To) -> Handed:
        """Send once. Raises `OSError` or `TimeoutError` when it is unknown whether it went."""
        assert isinstance(to, EmailTo)  # noqa: S101 - people.py gives each channel its own kind
        mail = mail_of(message, self._settings.smtp_from, to.address)
        server = aiosmtplib.SMTP(**self._server())
        try:
            if refused := await self._connected(server):
                return refused
            async with asyncio.timeout(self._settings.call_seconds):
                return await _handed(server, mail)
        finally:
            await _good_bye(server)

    async def _connected(self, server: aiosmtplib.SMTP) -> Handed | None:
        """Nothing when the server is ready for the mail; whatever fails here, the mail has not gone."""
        try:
            async with asyncio.timeout(self._settings.call_seconds):
                await server.connect()
        except aiosmtplib.SMTPResponseException as error:
            return Handed(False, _said(error), unsent=True, down=True)
        except (aiosmtplib.SMTPException, OSError) as error:  # TimeoutError is an OSError
            said = f"{type(error).__name__}: the mail server cannot be reached"
            return Handed(False, said, unsent=True, down=True)
        return None

    def _server(self) -> dict[str, Any]:
        settings = self._settings
        return {
            "hostname": settings.smtp_host,
            "port": settings.smtp_port,
            "username": settings.smtp_user or None,
            "password": settings.smtp_password or None,
            "use_tls": settings.smtp_tls == "tls",
            "start_tls": settings.smtp_tls == "starttls",
            "timeout": settings.call_seconds,
        }

    async def close(self) -> None:
        """Each mail has a connection of its own."""


async def _good_bye(server: aiosmtplib.SMTP) -> None:
    """End the connection; how the mail fared is decided already."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        async with asyncio.timeout(GOOD_BYE_SECONDS):
            await server.quit()
    server.close()


async def _handed(server: aiosmtplib.SMTP, mail: EmailMessage) -> Handed:
    """How the server took the mail: only what it says of the recipient or of the mail itself is for good."""
    try:
        _, answer = await server.send_message(mail)
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [each.code for each in error.recipients]
        final = all(code >= REFUSED_FOR_GOOD for code in codes)
        return Handed(False, f"recipient refused: {codes}", final=final, unsent=True)
    except aiosmtplib.SMTPDataError as error:
        return Handed(False, _said(error), final=error.code >= REFUSED_FOR_GOOD, unsent=True)
    except aiosmtplib.SMTPResponseException as error:
        return Handed(False, _said(error), unsent=True, down=True)
    except aiosmtplib.SMTPException as error:
        raise OSError(f"{type(error).__name__}: the mail server did not answer") from error
    return Handed(True, one_line(answer)[:100])


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code}: {one_line(error.message)[:100]}"


def opened(settings: Settings) -> Sender:
    """The mail channel."""
    return _Email(settings)
