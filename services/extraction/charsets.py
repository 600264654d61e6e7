"""Bytes of a page to text: what the page says of its charset, checked against what it is."""

from __future__ import annotations

import codecs
import re
from email.message import Message

from charset_normalizer import from_bytes

SAMPLE = 64 * 1024
"""Bytes that guessing may look at."""

_META = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_AS_BROWSERS_READ = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-9": "cp1254",
}
_SEVEN_BIT = {"iso2022_jp", "iso2022_kr", "hz"}
_NO_PAGE = {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}


def page_text(raw: bytes, content_type: str = "") -> str:
    """The text of a page; bytes that fit no charset become U+FFFD. A valid UTF-8 page is UTF-8 whatever it says of itself."""
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, "replace")
    said = _declared(raw, content_type)
    if said in _SEVEN_BIT:
        return raw.decode(said, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.start > len(raw) - 4
    return raw.decode("utf-8" if cut else said or _guessed(raw), "replace")


def _declared(raw: bytes, content_type: str) -> str | None:
    in_header = _named(_parameter(content_type))
    found = _META.search(raw[:4096])
    return in_header or (_named(found[1].decode("ascii", "ignore")) if found else None)


def _parameter(content_type: str) -> str:
    message = Message()
    message["content-type"] = content_type[:200].encode("ascii", "ignore").decode()
    return str(message.get_param("charset", "") or "")


def _named(label: str) -> str | None:
    """Python's name of a charset that a page may be in, None for one that is unknown or no page charset."""
    try:
        name = codecs.lookup(label.strip()).name if label.strip() else ""
        "".encode(name or "none")
    except (LookupError, ValueError):
        return None
    return None if name in _NO_PAGE else _AS_BROWSERS_READ.get(name, name)


def _guessed(raw: bytes) -> str:
    best = from_bytes(raw[:SAMPLE]).best()
    return (best and _named(best.encoding)) or "cp1252"
