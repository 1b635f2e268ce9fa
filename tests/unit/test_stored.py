"""The stored form of payloads and results."""

from __future__ import annotations

import json

import pytest

from chalicelib.domain.jobs import LARGEST_BYTES, MAX_DOCUMENT_BYTES, is_apart, is_large
from chalicelib.domain.stored import Reference, are_equal, reference_of, stub
from chalicelib.errors import MisconfiguredError
from chalicelib.settings import Settings

REFERENCE = Reference("payloads/t/j/a b", 70_000, "d" * 64)


def test_a_reference_is_read_as_it_was_written() -> None:
    assert reference_of(REFERENCE.text) == REFERENCE
    assert is_apart(REFERENCE.text)
    assert not is_large(REFERENCE.text)


@pytest.mark.parametrize("text", [None, "{}", "null", '"@s3 1 2 3"', "[]", "1", "true", "-1"])
def test_no_json_is_taken_for_a_reference(text: str | None) -> None:
    assert not is_apart(text)
    assert stub(text) == text


def test_a_form_of_a_newer_version_is_an_error() -> None:
    for text in ("@zip 1 2 3", "@s3", "@s3 x y z"):
        with pytest.raises(ValueError):
            reference_of(text)


@pytest.mark.parametrize(
    ("text", "large"),
    [
        ("x" * MAX_DOCUMENT_BYTES, False),
        ("x" * (MAX_DOCUMENT_BYTES + 1), True),
        ("é" * (MAX_DOCUMENT_BYTES // 2), False),
        ("é" * (MAX_DOCUMENT_BYTES // 2) + "x", True),
        ("😀" * (MAX_DOCUMENT_BYTES // 4), False),
        ("😀" * (MAX_DOCUMENT_BYTES // 4 + 1), True),
        (None, False),
    ],
)
def test_the_limit_counts_bytes(text: str | None, large: bool) -> None:
    assert is_large(text) is large


def test_texts_in_objects_are_equal_by_their_digests() -> None:
    other = REFERENCE._replace(key="payloads/t/j/other")
    assert are_equal(REFERENCE.text, other.text)
    assert not are_equal(REFERENCE.text, other._replace(digest="e" * 64).text)
    assert are_equal("{}", "{}") and not are_equal("{}", None) and not are_equal("{}", REFERENCE.text)
    assert json.loads(stub(REFERENCE.text) or "") == {"truncated": True, "bytes": 70_000}


def test_settings_have_the_bounds_of_the_domain() -> None:
    """They do not import them: functions that know no jobs have settings too."""
    least = {"MONGODB_URI": "mongodb://x/", "REDIS_URL": "redis://x", "SECRET_KEY": "s" * 32}
    assert Settings.from_env(least).document_bytes == MAX_DOCUMENT_BYTES
    with_bucket = least | {"PAYLOAD_BUCKET": "b"}
    assert Settings.from_env(with_bucket).document_bytes == LARGEST_BYTES
    for wrong in (MAX_DOCUMENT_BYTES - 1, LARGEST_BYTES + 1):
        with pytest.raises(MisconfiguredError, match="MAX_PAYLOAD_BYTES"):
            Settings.from_env(with_bucket | {"MAX_PAYLOAD_BYTES": str(wrong)})
