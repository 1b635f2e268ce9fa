"""Hashes of passwords."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters

from chalicelib.services import passwords as module
from chalicelib.services.passwords import Passwords


@pytest.fixture
def passwords() -> Passwords:
    return Passwords()


def test_a_password_fits_its_hash_and_no_other(passwords: Passwords) -> None:
    made = passwords.hash("pässword 1")

    assert made.startswith("$argon2id$")
    assert passwords.fits("pässword 1", made)
    assert not passwords.fits("pässword 2", made)
    assert made != passwords.hash("pässword 1")


@pytest.mark.parametrize("stored", [None, "", "plain", "$argon2id$broken"])
def test_no_password_matches_an_invalid_hash(passwords: Passwords, stored: str | None) -> None:
    assert not passwords.fits("plain", stored)


def test_the_decoy_costs_what_a_hash_costs(passwords: Passwords) -> None:
    assert extract_parameters(module._DECOY) == extract_parameters(passwords.hash("x"))
    assert not passwords.outdated(module._DECOY)


def test_other_parameters_are_outdated(passwords: Passwords) -> None:
    assert passwords.outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x"))


def test_generated_passwords_differ(passwords: Passwords) -> None:
    made = {passwords.generate() for _ in range(100)}

    assert len(made) == 100
    assert min(map(len, made)) >= 20
