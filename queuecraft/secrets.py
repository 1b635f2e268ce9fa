"""Secrets of a project: ``secret("STRIPE_KEY")``, declared by name in ``queuecraft.toml``."""

from __future__ import annotations

from functools import cache
from typing import Final

from chalicelib import settings
from chalicelib.aws import parameters
from chalicelib.domain.clock import SystemClock

_PATH: Final = "SECRETS_PATH"


class SecretMissing(LookupError):  # noqa: N818 - named after what is wrong, as tasks read it
    """Raised when a secret has no value; names it."""


def secret(name: str) -> str:
    """Return the value of a secret: here of ``.secrets.toml`` or the environment, deployed of SSM's Parameter Store.

    The first call in a process asks SSM, in at most 3 s; it keeps the value, so a new one is read after a deployment
    with another ``SecretsVersion``. Raises ``SecretMissing``, and ``Unavailable`` if SSM does not answer, after which a
    job is retried.
    """
    environment = settings.environment()
    if value := environment.get(name):
        return value
    if path := environment.get(_PATH):
        return _stored(path, name)
    raise SecretMissing(f"The secret {name} has no value: add it to .secrets.toml and to `secrets` in queuecraft.toml")


@cache
def _stored(path: str, name: str) -> str:
    found = parameters.secrets(path, [name], settings.environment(), SystemClock().now_ms)
    if name not in found:
        raise SecretMissing(f"The secret {name} is not stored in {path}: queuecraft secrets put")
    return found[name]
