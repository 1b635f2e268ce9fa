"""Passwords: hashed with argon2id, checked in the same time whether or not there is a user."""

from __future__ import annotations

import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: OWASP's first choice for argon2id: 19 MiB, two passes, one lane. About 20 ms on a full core, so on a Lambda
#: with 1,769 MB; more memory or lanes would buy little there and cost each log-in.
#: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
TIME_COST: Final = 2
MEMORY_KIB: Final = 19 * 1024
LANES: Final = 1
#: A hash of these parameters that no password fits, for log-ins of users that do not exist.
_DECOY: Final = "$argon2id$v=19$m=19456,t=2,p=1$fvsbzC58cjUrwLcmgqcx2A$m2wyluC1x+0mlfTXz/E8GDViLB1O6esiWMGSEMncI8Q"
GENERATED_BYTES: Final = 15


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES)

    def hash(self, password: str) -> str:
        """The argon2id hash of ``password``, parameters and salt included."""
        return self._hasher.hash(password)

    def fits(self, password: str, password_hash: str | None) -> bool:
        """Whether ``password`` is the one hashed; takes as long for ``None``, and says no."""
        try:
            return self._hasher.verify(password_hash or _DECOY, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def generate(self) -> str:
        """A password of 120 random bits, for accounts that somebody else makes."""
        return secrets.token_urlsafe(GENERATED_BYTES)
