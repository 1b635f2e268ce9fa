"""Words of a job: what search and filters rely on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.terms import MAX_WORD_CHARS, job_terms, queue_words, words


def test_words_are_case_folded_runs_of_letters_and_digits() -> None:
    assert words("Straße_42 – image.Resize", 10) == ["strasse", "42", "image", "resize"]


def test_a_job_has_the_words_of_task_queue_tags_and_name() -> None:
    terms = job_terms("Monthly report", "pdf.render", "slow", ["customer-7", "report"])
    assert terms == ["7", "customer", "monthly", "pdf", "render", "report", "slow"]


def test_the_default_queue_adds_no_word() -> None:
    assert job_terms("x", "y", "default", []) == ["x", "y"]


@given(
    st.text(max_size=200),
    st.text(max_size=50),
    st.text(max_size=50),
    st.lists(st.text(max_size=50), max_size=20),
)
def test_what_a_filter_looks_for_is_among_the_terms(
    name: str, task: str, queue: str, tags: list[str]
) -> None:
    terms = set(job_terms(name, task, queue, tags))
    for wanted in [words(task), queue_words(queue), *(words(tag) for tag in tags)]:
        assert terms.issuperset(wanted)
    assert all(len(term) <= MAX_WORD_CHARS for term in terms)
