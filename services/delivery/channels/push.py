"""Pushes to a telephone, through the same library and closed list as chats: two lines, as a lock screen shows them."""

from __future__ import annotations

from typing import Any

from services.delivery.channels import Sender, chat
from services.delivery.message import Message
from services.delivery.people import To
from services.delivery.rendering import one_line
from services.delivery.settings import Settings

KEYED = False


def rendered(message: Message) -> dict[str, Any]:
    """The first and the second line; of several alerts how many they are."""
    several = len(message.alerts) > 1
    second = "Open the desk" if several else message.alert.words.second_line
    repeat = "Possible repeat: " if message.possible_repeat else ""
    return {"subject": repeat + one_line(message.subject), "text": one_line(second)}


def receiver(to: To) -> str:
    """The telephone, by the name of its address in the environment."""
    return chat.receiver(to)


def opened(settings: Settings) -> Sender:
    """The push channel."""
    return chat.Rooms(settings, rendered)
