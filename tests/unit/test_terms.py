"""Search terms of a job, which search and filters rely on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.terms import MAX_TERM_CHARS, asked_words, job_id_in, job_terms, whole, words


def test_words_are_case_folded_runs_of_letters_and_digits() -> None:
    assert words("Straße_42 - image.Resize", 10) == ["strasse", "42", "image", "resize"]


def test_a_job_has_its_whole_keys_and_the_words_of_all() -> None:
    terms = job_terms("Monthly report", "pdf.render", "slow", ["Customer-7", "report"])
    assert terms == ["7", "customer", "customer-7", "monthly", "pdf", "pdf.render", "render", "report", "slow"]


def test_the_default_queue_adds_no_term() -> None:
    assert job_terms("x", "y", "default", []) == ["x", "y"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("काम हि-1", ["काम", "हि", "1"]),
        ("re\u0301sume\u0301", ["résumé"]),
        ("\uff21\uff22 \uff11", ["ab", "1"]),
        ("İstanbul ISTANBUL", ["istanbul", "istanbul"]),
        ("ﬁne", ["fine"]),
        ("a\u200db so\u00adft", ["ab", "soft"]),
        ("🚀 ❤️report 👩‍💻", ["report"]),
        ("№ 5", ["no", "5"]),
    ],
)
def test_words_are_the_same_however_they_are_written(text: str, expected: list[str]) -> None:
    assert words(text, 10) == expected
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert words(unicodedata.normalize(form, text), 10) == expected


@pytest.mark.parametrize("text", ["", " ", "---", "🚀", "%", "\u0301", "\ufe0f", "x" * 65, "a b c d e f g h i"])
def test_a_search_that_would_find_more_than_it_says_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"should have"):
        asked_words(text)


def test_the_words_of_a_search() -> None:
    assert asked_words("Rep rep REP one two three four five six seven") == (
        "rep", "one", "two", "three", "four", "five", "six", "seven",
    )  # fmt: skip
    assert asked_words("x" * 64) == ("x" * 64,)
    assert job_id_in(" 66F2A1B3C4D5E6F708192A3B\n") == "66f2a1b3c4d5e6f708192a3b"
    assert job_id_in("66f2a1b3c4d5e6f708192a3b x") is None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200), st.text(max_size=50), st.text(max_size=50), st.lists(st.text(max_size=50), max_size=20))
def test_filters_use_terms_that_a_job_has(name: str, task: str, queue: str, tags: list[str]) -> None:
    terms = job_terms(name, task, queue, tags)
    assert {whole(task), *map(whole, tags)} <= set(terms)
    assert queue == "default" or whole(queue) in terms
    assert all(len(term) <= MAX_TERM_CHARS for term in terms)
