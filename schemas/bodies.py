"""The raw bytes of a page inside a fact: zstd, then base64."""

from __future__ import annotations

import base64
import binascii
import io

import zstandard

MAX_RAW = 5_000_000
"""Bytes of a page that are kept at most."""


class BadBody(ValueError):  # noqa: N818 - says what the body is
    """A body that cannot be unpacked, or unpacks to more than is kept."""


def pack(raw: bytes) -> str:
    """The bytes as they travel; the same for the same bytes."""
    return base64.b64encode(zstandard.ZstdCompressor(level=3).compress(raw)).decode("ascii")


def unpack(body: str, limit: int = MAX_RAW) -> bytes:
    """The bytes again. Raises `BadBody` for what was not packed by `pack` or holds more than `limit` bytes."""
    try:
        packed = base64.b64decode(body, validate=True)
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)) as reader:
            raw = reader.read(limit + 1)
    except (binascii.Error, ValueError, zstandard.ZstdError) as error:
        raise BadBody(f"the body is no zstd in base64: {error}; bodies are written by schemas.bodies.pack") from error
    if len(raw) > limit:
        raise BadBody(f"the body unpacks to more than {limit} bytes, the most that is kept of a page")
    return raw
