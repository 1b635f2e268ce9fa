"""Backoff and groups of errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.retry import JITTER, MAX_BACKOFF_S, backoff_s, error_group


@pytest.mark.parametrize(("retry", "wait"), [(1, 5), (2, 10), (3, 20), (4, 40), (30, MAX_BACKOFF_S)])
def test_backoff_doubles_up_to_an_hour(retry: int, wait: float) -> None:
    assert backoff_s(retry, 5, 0.5) == pytest.approx(wait)


@given(st.integers(1, 10_000), st.floats(0, 1000), st.floats(0, 1, exclude_max=True))
def test_backoff_stays_within_its_jitter(retry: int, base: float, random: float) -> None:
    middle = backoff_s(retry, base, 0.5)
    assert middle * (1 - JITTER) * 0.999 <= backoff_s(retry, base, random) <= middle * (1 + JITTER) * 1.001


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("no row 17", "no row 4711"),
        ("user 507f1f77bcf86cd799439011 is gone", "user 507f1f77bcf86cd799439012 is gone"),
        ("key 'a' is missing", "key 'b' is missing"),
        ("at 0xdeadbeef", "at 0xbadcafe"),
        ("id 123e4567-e89b-12d3-a456-426614174000", "id 00000000-e89b-12d3-a456-426614174999"),
    ],
)
def test_errors_that_differ_in_values_are_one_group(one: str, other: str) -> None:
    assert error_group("E", one) == error_group("E", other)


def test_errors_of_other_types_or_texts_are_not() -> None:
    groups = {error_group("E", "no row"), error_group("F", "no row"), error_group("E", "no column")}
    assert len(groups) == 3


def test_a_group_is_found_fast_in_a_hostile_text() -> None:
    assert len(error_group("E", "'" * 100_000)) == 16
