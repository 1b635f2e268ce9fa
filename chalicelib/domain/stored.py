"""How payloads and results are stored: as their JSON text, or as a reference to an object that has it. Pure.

A reference begins with ``REFERENCE_MARK``, with which no JSON text begins, so a stored text says itself what it is.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Final, NamedTuple

from chalicelib.domain.jobs import REFERENCE_MARK, is_apart

_KIND: Final = f"{REFERENCE_MARK}s3"


class Reference(NamedTuple):
    """An object: its key, and size in bytes and SHA-256 of the text in it."""

    key: str
    size: int
    digest: str

    @property
    def text(self) -> str:
        """What the record of the job holds."""
        return f"{_KIND} {self.size} {self.digest} {self.key}"


def reference_of(text: str) -> Reference:
    """Return the reference that a stored text is. Raises ``ValueError`` for one of another version."""
    kind, size, digest, key = text.split(" ", 3)
    if kind != _KIND:
        raise ValueError(f"stored as {kind[:20]!r}, which this version does not know")
    return Reference(key, int(size), digest)


def digest_of(raw: bytes) -> str:
    """Return the digest that a reference has."""
    return sha256(raw).hexdigest()


def are_equal(one: str | None, other: str | None) -> bool:
    """Return whether two stored texts are of the same JSON text, as far as that can be told without reading objects."""
    if is_apart(one) and is_apart(other):
        return reference_of(one).digest == reference_of(other).digest
    return one == other


def stub(text: str | None) -> str | None:
    """Return the JSON text; for one in an object, JSON that says so and how large it is."""
    if not is_apart(text):
        return text
    return json.dumps({"truncated": True, "bytes": reference_of(text).size})
