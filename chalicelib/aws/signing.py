"""AWS Signature Version 4 for thousands of small requests a second.

The algorithm is that of https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html; a test compares
it with botocore's, which takes 0.24 s to import and is many times slower per signature: see
docs/decisions/050-connections-client.md.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials that Lambda gives a function."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


class Signer:
    """Signs requests to one host. ``path`` is percent-encoded once, as sent; query strings are not supported."""

    def __init__(self, credentials: Credentials, region: str, service: str, host: str) -> None:
        self._credentials = credentials
        self._region = region
        self._service = service
        self._host = host
        self._day = ""
        self._scope = ""
        self._mac = hmac.new(b"", digestmod="sha256")
        self._body: bytes | None = None
        self._body_digest = ""

    def headers(
        self, method: str, path: str, body: bytes, now_ms: int, extra: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, str]:
        """Return the headers that sign this request, without ``host``. ``now_ms``: epoch milliseconds.

        ``extra``: further ``x-amz-*`` headers in lower case; they are part of the signature.
        """
        timestamp = _timestamp(now_ms // 1000)
        if timestamp[:8] != self._day:
            self._start_day(timestamp[:8])
        signed = {"host": self._host, "x-amz-date": timestamp}
        if self._credentials.session_token:
            signed["x-amz-security-token"] = self._credentials.session_token
        if extra:
            signed = dict(sorted({**signed, **extra}.items()))
        names = ";".join(signed)
        lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
        canonical = f"{method}\n{_canonical(path)}\n\n{lines}\n{names}\n{self._digest(body)}"
        to_sign = f"AWS4-HMAC-SHA256\n{timestamp}\n{self._scope}\n{sha256(canonical.encode()).hexdigest()}"
        mac = self._mac.copy()
        mac.update(to_sign.encode())
        del signed["host"]
        signed["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self._credentials.access_key_id}/{self._scope}, "
            f"SignedHeaders={names}, Signature={mac.hexdigest()}"
        )
        return signed

    def _start_day(self, day: str) -> None:
        key = f"AWS4{self._credentials.secret_access_key}".encode()
        for part in (day, self._region, self._service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        self._day, self._mac = day, hmac.new(key, digestmod="sha256")
        self._scope = f"{day}/{self._region}/{self._service}/aws4_request"

    def _digest(self, body: bytes) -> str:
        if body is not self._body:  # the same body object goes to many connections
            self._body, self._body_digest = body, sha256(body).hexdigest()
        return self._body_digest


@lru_cache(maxsize=2)
def _timestamp(now_s: int) -> str:
    return datetime.fromtimestamp(now_s, UTC).strftime("%Y%m%dT%H%M%SZ")


@lru_cache(maxsize=16_384)
def _canonical(path: str) -> str:
    return quote(path, safe="/~")
