"""Tokens of callback URLs: with one, whoever has it sends one event to one job, once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final, NamedTuple

from chalicelib.errors import NotFound

_MAX_CHARS: Final = 400
_PURPOSE: Final = b"callback\n"


class Callback(NamedTuple):
    """What a token allows. ``event_id`` derives from it, so a second use is found."""

    job_id: str
    name: str
    event_id: str


class Callbacks:
    """Signs and reads tokens: ``base64url(job / series / number / event name) . signature``.

    They hold until the job has ended.
    """

    def __init__(self, secret: str, previous: str | None) -> None:
        self._keys = [hashlib.sha256(_PURPOSE + key.encode()).digest() for key in (secret, previous) if key]

    def token(self, job_id: str, name: str, n: int, series: str) -> str:
        """Return the token of the ``n``-th callback of this name in a series of a job; always the same."""
        which = hashlib.sha256(series.encode()).hexdigest()[:8]
        text = _encode(f"{job_id}/{which}/{n}/{name}".encode())
        return f"{text}.{_encode(_signature(self._keys[0], text))}"

    def read(self, token: str) -> Callback:
        """Return what a token allows. Raises ``NotFound`` for one that was not signed here."""
        text, _, signature = token.partition(".")
        if len(token) > _MAX_CHARS or not any(
            hmac.compare_digest(_encode(_signature(key, text)), signature) for key in self._keys
        ):
            raise NotFound("No such callback")
        job_id, _, rest = _decode(text).partition("/")
        name = rest.split("/", 2)[2]
        return Callback(job_id, name, hashlib.sha256(text.encode()).hexdigest()[:24])


def _signature(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")[:24]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        raise NotFound("No such callback") from None
