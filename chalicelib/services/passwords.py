"""Passwords: hashed with argon2id, checked in the same time whether or not there is a user.

New ones must not be easy to guess (NIST SP 800-63B, 5.1.1.2): ``common_passwords.txt`` has those of 8 characters and
more among the 20,000 that leaks show most, in lower case (docs/decisions/026-common-passwords.md).
"""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chalicelib.domain import typed_text
from chalicelib.errors import InvalidInput

#: OWASP's first choice for argon2id: 19 MiB, two passes, one lane. About 20 ms on a full core, so on a Lambda
#: with 1,769 MB; more memory or lanes would buy little there and cost each log-in.
#: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
TIME_COST: Final = 2
MEMORY_KIB: Final = 19 * 1024
LANES: Final = 1
#: A hash with these parameters that no password matches, for log-ins of users that do not exist.
_DECOY: Final = "$argon2id$v=19$m=19456,t=2,p=1$fvsbzC58cjUrwLcmgqcx2A$m2wyluC1x+0mlfTXz/E8GDViLB1O6esiWMGSEMncI8Q"
GENERATED_BYTES: Final = 15
_SERVICE: Final = "queuecraft"
_COMMON: Final = Path(__file__).with_name("common_passwords.txt")


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES)

    def hash(self, password: str) -> str:
        """Return the argon2id hash of ``password``, with parameters and salt."""
        return self._hasher.hash(typed_text.password(password))

    def check_new(self, password: str, field: str, *about: str) -> None:
        """Raise ``InvalidInput`` with ``field`` for a password that is easy to guess.

        ``about``: public facts about the user, such as the name; an e-mail address counts with and without domain.
        """
        guess = typed_text.password(password).casefold()
        known = {_SERVICE, *about, *(text.partition("@")[0] for text in about)}
        if guess in common_passwords() or _core(guess) in {_core(text.casefold()) for text in known}:
            raise InvalidInput("This password is easy to guess; choose another", field)

    def fits(self, password: str, password_hash: str | None) -> bool:
        """Return whether ``password`` matches the hash; ``False`` for ``None``, after the same time."""
        forms = typed_text.password_forms(password)
        return any(self._matches(form, password_hash or _DECOY) for form in forms) and password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        """Return whether the hash was made with other parameters than the current ones."""
        return self._hasher.check_needs_rehash(password_hash)

    def _matches(self, form: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, form)
        except (VerificationError, InvalidHashError):
            return False

    def generate(self) -> str:
        """Return a password of 120 random bits, for accounts that another person creates."""
        return secrets.token_urlsafe(GENERATED_BYTES)


@cache
def common_passwords() -> frozenset[str]:
    """Return the passwords that are easy to guess. Read on first use: few processes see a new password."""
    return frozenset(_COMMON.read_text().split("\n"))


def _core(text: str) -> str:
    """Return a word without trailing digits and punctuation; the whole word if nothing else is left."""
    return text.rstrip("0123456789!?.,-_*#$ ") or text
