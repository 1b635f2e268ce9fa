"""Words of a job: what search and filters rely on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.terms import MAX_TERM_CHARS, job_terms, whole, words


def test_words_are_case_folded_runs_of_letters_and_digits() -> None:
    assert words("Straße_42 - image.Resize", 10) == ["strasse", "42", "image", "resize"]


def test_a_job_has_its_keys_whole_and_the_words_of_all() -> None:
    terms = job_terms("Monthly report", "pdf.render", "slow", ["Customer-7", "report"])
    assert terms == ["7", "customer", "customer-7", "monthly", "pdf", "pdf.render", "render", "report", "slow"]


def test_the_default_queue_adds_no_term() -> None:
    assert job_terms("x", "y", "default", []) == ["x", "y"]


@given(st.text(max_size=200), st.text(max_size=50), st.text(max_size=50), st.lists(st.text(max_size=50), max_size=20))
def test_what_a_filter_looks_for_is_among_the_terms(name: str, task: str, queue: str, tags: list[str]) -> None:
    terms = job_terms(name, task, queue, tags)
    assert {whole(task), *map(whole, tags)} <= set(terms)
    assert queue == "default" or whole(queue) in terms
    assert all(len(term) <= MAX_TERM_CHARS for term in terms)
