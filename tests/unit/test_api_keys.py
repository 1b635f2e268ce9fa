"""The text of API keys, and what is stored of it."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime

import pytest

from chalicelib.domain import api_keys
from chalicelib.domain.api_keys import ApiKey
from chalicelib.domain.principals import KeyGrant, KeyScope, grant_data, grant_of

ID = "0123456789abcdef01234567"
TEXT = api_keys.written(ID, bytes(range(32)))


def key(text: str) -> ApiKey:
    secret = text.rpartition("_")[2]
    stored = api_keys.hash_of(ID, secret)
    return ApiKey(ID, "t" * 24, "u" * 24, "a key", (KeyScope.JOBS_READ,), stored, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_key_has_a_fixed_form_that_scanners_match() -> None:
    assert re.fullmatch(r"qc_[0-9a-f]{24}_[0-9A-Za-z]{49}", TEXT)
    assert TEXT.startswith(f"qc_{ID}_")


def test_the_last_six_characters_are_a_checksum_of_the_others() -> None:
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number = 0
    for digit in TEXT[-6:]:
        number = number * 62 + alphabet.index(digit)
    assert number == zlib.crc32(TEXT[:-6].encode())


@pytest.mark.parametrize("random", [bytes(32), b"\xff" * 32, bytes(range(32))])
def test_every_secret_has_the_same_length(random: bytes) -> None:
    text = api_keys.written(ID, random)
    assert len(text) == len(TEXT)
    assert api_keys.parse(text) == (ID, text.rpartition("_")[2])


def test_secrets_differ() -> None:
    texts = {api_keys.written(ID, n.to_bytes(32)) for n in range(1000)}
    assert len(texts) == 1000


@pytest.mark.parametrize("place", [3, 26, 28, 60, len(TEXT) - 7, len(TEXT) - 1])
def test_one_wrong_character_fails_the_checksum(place: int) -> None:
    other = "1" if TEXT[place] != "1" else "2"
    assert api_keys.parse(TEXT[:place] + other + TEXT[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "qc_", "qc_" + ID, TEXT + "0", TEXT[:-1], TEXT.upper(), TEXT + "\n", "é" + TEXT])
def test_other_texts_are_no_keys(text: str) -> None:
    assert api_keys.parse(text) is None


def test_a_session_is_no_key() -> None:
    assert api_keys.looks_like_key(TEXT)
    assert not api_keys.looks_like_key("eyJhbGciOiJIUzI1NiJ9.e30.x")


def test_a_secret_fits_its_key_alone() -> None:
    secret, other = TEXT.rpartition("_")[2], api_keys.written(ID, bytes(32)).rpartition("_")[2]
    assert api_keys.fits(key(TEXT), secret)
    assert not api_keys.fits(key(TEXT), other)
    assert api_keys.hash_of(ID, secret) != api_keys.hash_of("f" * 24, secret), "hashes of two keys cannot be compared"
    assert secret.encode() not in api_keys.hash_of(ID, secret)


def test_a_grant_survives_its_way_through_redis() -> None:
    for expires_at in (None, datetime(2030, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)):
        grant = KeyGrant(ID, "a key", frozenset({KeyScope.JOBS_READ, KeyScope.ADMIN}), expires_at)
        assert grant_of(grant_data(grant)) == grant
    assert grant_of(None) is None
