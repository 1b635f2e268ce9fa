"""API keys of services: their text, and their records. Pure.

A key is ``qc_<id>_<secret>``. The secret is 43 random characters (256 bits) and a checksum of 6. Scanners for secrets
recognise it by the prefix, the length and the checksum (``docs/decisions/121-api-keys.md``).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zlib import crc32

from chalicelib.domain.principals import KeyGrant, KeyScope

PREFIX: Final = "qc_"
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#: Characters of 256 random bits, and of a checksum of 32 bits, in base 62.
_RANDOM_CHARS: Final = 43
_CHECKSUM_CHARS: Final = 6
SECRET_BYTES: Final = 32
_FORM: Final = re.compile(rf"qc_([0-9a-f]{{24}})_([0-9A-Za-z]{{{_RANDOM_CHARS + _CHECKSUM_CHARS}}})")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as MongoDB holds it. ``secret_hash`` leaves the store for comparisons only."""

    id: str
    tenant_id: str
    #: The user who created it, whose role bounds its permissions.
    user_id: str
    name: str
    scopes: tuple[KeyScope, ...]
    secret_hash: bytes
    created_at: datetime
    expires_at: datetime | None = None
    #: When it was last used, up to a minute ago.
    last_used_at: datetime | None = None

    @property
    def grant(self) -> KeyGrant:
        """What the key allows."""
        return KeyGrant(self.id, self.name, frozenset(self.scopes), self.expires_at, self.last_used_at)

    def expired(self, now: datetime) -> bool:
        """Return whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now


def written(key_id: str, random: bytes) -> str:
    """Return the text of a key with an id and ``SECRET_BYTES`` random bytes."""
    begun = f"{PREFIX}{key_id}_{_base62(int.from_bytes(random), _RANDOM_CHARS)}"
    return begun + _checksum(begun)


def looks_like_key(token: str) -> bool:
    """Return whether a token is an API key and not a session's."""
    return token.startswith(PREFIX)


def parse(text: str) -> tuple[str, str] | None:
    """Return the id and the secret in the text of a key; ``None`` if its form or its checksum is wrong."""
    found = _FORM.fullmatch(text)
    if found is None or _checksum(text[:-_CHECKSUM_CHARS]) != text[-_CHECKSUM_CHARS:]:
        return None
    return found[1], found[2]


def hash_of(key_id: str, secret: str) -> bytes:
    """Return what is stored of a secret: a keyed hash of 32 bytes, with the id as its key."""
    return hashlib.blake2b(secret.encode(), key=key_id.encode(), person=b"qc api key", digest_size=32).digest()


def fits(key: ApiKey, secret: str) -> bool:
    """Return whether ``secret`` is that of the key. Takes equally long for each wrong one."""
    return hmac.compare_digest(key.secret_hash, hash_of(key.id, secret))


def _checksum(text: str) -> str:
    return _base62(crc32(text.encode()), _CHECKSUM_CHARS)


def _base62(number: int, chars: int) -> str:
    digits = []
    for _ in range(chars):
        number, digit = divmod(number, 62)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
