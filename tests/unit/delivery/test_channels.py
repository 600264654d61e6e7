"""What each channel makes of an alert: the words escaped for it, ids that make a repeat known, answers judged to the letter."""

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from alerts import alert
from standardwebhooks import Webhook

from services.delivery.channels import channel, names
from services.delivery.channels.chat import FIXED_HOSTS, plugin_of
from services.delivery.channels.email import mail_of
from services.delivery.channels.webhook import headers_of, judged
from services.delivery.message import Message
from services.delivery.people import ChatTo, People, PushTo
from services.delivery.rendering import html_text, plain_text
from services.delivery.settings import Settings

NOW = datetime.now(UTC)
OLD, NEW = ("whsec_" + letter * 32 for letter in "ab")
HOSTILE = 'They <script>alert(1)</script>\x1b[31m "agreed"\r\nBcc: all@example.org'


def test_every_channel_renders_and_says_whether_its_receiver_knows_repeats() -> None:
    assert names() == ["chat", "desk", "email", "push", "terminal", "webhook"]
    for name in names():
        assert channel(name).rendered(Message((alert(),)))["subject"].startswith("CEASEFIRE AGREED")
        assert isinstance(channel(name).KEYED, bool)


def test_either_secret_verifies_while_keys_are_changed_over() -> None:
    headers = headers_of("id", '{"a":1}', (NEW, OLD), NOW)
    assert Webhook(NEW).verify('{"a":1}', headers) == {"a": 1}
    assert Webhook(OLD).verify('{"a":1}', headers) == {"a": 1}
    assert len(headers["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize(
    ("status", "ok", "gone"),
    [
        (200, True, False),
        (204, True, False),
        (301, False, False),
        (400, False, False),
        (410, False, True),
        (500, False, False),
    ],
)
def test_only_2xx_is_success_and_410_ends_the_channel(status: int, ok: bool, gone: bool) -> None:
    handed = judged(status, None, NOW)
    assert (handed.ok, handed.gone) == (ok, gone)


@pytest.mark.parametrize(("said", "seconds"), [("120", 120.0), ("soon", None), (None, None), ("999999", 86_400.0)])
def test_the_receiver_may_say_when_to_come_again(said: str | None, seconds: float | None) -> None:
    assert judged(429, said, NOW).retry_after == seconds


def test_the_articles_words_are_never_markup_and_never_orders() -> None:
    message = Message((alert(evidence=HOSTILE, marks=()),))
    html, text = html_text(message), plain_text(message)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "\x1b" not in html + text
    assert "\r" not in html + text
    assert "\x1b" not in channel("terminal").rendered(message)["text"]


def test_a_subject_is_one_line_and_injects_no_header() -> None:
    mail = mail_of(
        Message((alert(first_line="AGREED\r\nBcc: all@example.org"),)), "Desk <a@desk.example>", "b@b.example"
    )
    assert mail["Subject"] == "AGREEDBcc: all@example.org" or mail["Subject"] == "AGREED Bcc: all@example.org"
    assert mail["Bcc"] is None


def test_the_claims_words_are_marked() -> None:
    message = Message((alert(),))
    assert "<mark>agreed</mark>" in html_text(message)
    assert "»agreed«" in plain_text(message)


def test_a_correction_answers_the_mail_that_it_corrects() -> None:
    first = alert("first")
    correction = alert(kind="corrected", replaces="first")
    mail = mail_of(Message((correction,)), "Desk <a@desk.example>", "b@b.example")
    assert mail["In-Reply-To"] == f"<{first.id}@desk.example>"
    assert mail["Message-ID"] == f"<{correction.id}@desk.example>"
    assert str(first.conversation) in mail["References"]


def test_a_person_without_an_entry_has_the_channels_of_everybody() -> None:
    people = People.model_validate({"people": {"ines": {"terminal": {}}}, "everybody": {"desk": {}}})
    assert list(people.channels("ines")) == ["terminal"]
    assert list(people.channels("somebody")) == ["desk"]


def test_a_webhook_without_a_secret_is_refused_with_the_cure() -> None:
    with pytest.raises(ValueError, match="name `secret_env`"):
        People.model_validate({"everybody": {"webhook": {"url": "https://hook.example"}}})


def test_the_articles_words_call_nobody_and_format_nothing_in_a_room() -> None:
    said = channel("chat").rendered(Message((alert(evidence="*Now* <!channel> @everyone `x`", marks=()),)))["text"]
    assert "@everyone" not in said
    assert "<!" not in said
    assert "\\*Now\\*" in said


def test_a_push_is_two_lines() -> None:
    said = channel("push").rendered(Message((alert(),)))
    assert said == {"subject": "CEASEFIRE AGREED · North-South", "text": "Confirmed by North · 1 origin (outlet)"}


@pytest.mark.parametrize(
    "address",
    ["", "json://inner.example/", "tgram://", "slack://a/b/c", "tgram://123456789:abcdefg_hijklmnop/12?verify=no"],
)
def test_an_address_of_another_service_or_with_settings_of_its_own_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="ROOM"):
        plugin_of(ChatTo(service="tgram", url_env="ROOM"), {"ROOM": address})


def test_a_service_that_is_not_on_the_list_is_no_channel() -> None:
    with pytest.raises(ValueError, match="service"):
        People.model_validate({"everybody": {"chat": {"service": "json", "url_env": "ROOM"}}})


def test_every_service_on_the_list_has_a_host_that_no_address_can_change() -> None:
    addresses = {
        "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        "tgram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "gchat": "gchat://workspace/key/token",
    }
    for service, address in addresses.items():
        plugin = plugin_of(ChatTo.model_validate({"service": service, "url_env": "ROOM"}), {"ROOM": address})
        assert type(plugin).__name__ == FIXED_HOSTS[service]
    for service, address in {"pover": "pover://u" + "a" * 29 + "@t" + "b" * 29, "prowl": "prowl://" + "c" * 40}.items():
        plugin = plugin_of(PushTo.model_validate({"service": service, "url_env": "ROOM"}), {"ROOM": address})
        assert type(plugin).__name__ == FIXED_HOSTS[service]


async def test_a_room_gets_the_words_once_and_a_refusal_is_a_failed_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOM", "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js")
    to, sender = ChatTo(service="discord", url_env="ROOM"), channel("chat").opened(Settings(people=None))
    bodies: list[bytes] = []

    class Takes(BaseHTTPRequestHandler):
        status = 204

        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Takes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        kind = type(plugin_of(to, {"ROOM": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"}))
        monkeypatch.setattr(kind, "notify_url", f"http://127.0.0.1:{server.server_address[1]}")
        taken = await sender.send(Message((alert(),)), to)
        Takes.status = 500
        refused = await sender.send(Message((alert(),)), to)
        server.shutdown()
    assert (taken.ok, refused.ok, refused.down, refused.unsent) == (True, False, True, False)
    assert len(bodies) == 2
    assert b"They agreed." in bodies[0]
