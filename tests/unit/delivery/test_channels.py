"""What each channel makes of an alert: the words escaped for it, ids that make a repeat known, answers judged to the letter."""

from datetime import UTC, datetime

import pytest
from alerts import alert
from standardwebhooks import Webhook

from services.delivery.channels import channel, names
from services.delivery.channels.email import mail_of
from services.delivery.channels.webhook import headers_of, judged
from services.delivery.message import Message
from services.delivery.people import People
from services.delivery.rendering import html_text, plain_text

NOW = datetime.now(UTC)
OLD, NEW = ("whsec_" + letter * 32 for letter in "ab")
HOSTILE = 'They <script>alert(1)</script>\x1b[31m "agreed"\r\nBcc: all@example.org'


def test_every_channel_renders_and_says_whether_its_receiver_knows_repeats() -> None:
    assert names() == ["desk", "email", "terminal", "webhook"]
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
