"""The words by which a job is found. Pure.

A word is a run of letters and digits, case-folded. A job keeps the words of its task, queue, tags and name in one
sorted list, so that one index serves search by prefix and the filters by task, queue and tag.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from chalicelib.domain.jobs import DEFAULT_QUEUE

MAX_WORD_CHARS: Final = 32
#: Words kept of a task's name, of a queue's name and of a tag.
MAX_KEY_WORDS: Final = 3
#: Words kept of a job's name.
MAX_NAME_WORDS: Final = 40

_WORD: Final = re.compile(r"[^\W_]+")


def words(text: str, limit: int = MAX_KEY_WORDS) -> list[str]:
    """The first ``limit`` words of ``text``, each cut to ``MAX_WORD_CHARS``."""
    return [word[:MAX_WORD_CHARS] for word in _WORD.findall(text.casefold())[:limit]]


def queue_words(queue: str) -> list[str]:
    """Words that stand for a queue; none for the default queue, which would only bloat the index."""
    return [] if queue == DEFAULT_QUEUE else words(queue)


def job_terms(name: str, task: str, queue: str, tags: Sequence[str]) -> list[str]:
    """All words of a job, sorted, each once."""
    found = {*words(task), *queue_words(queue), *words(name, MAX_NAME_WORDS)}
    for tag in tags:
        found.update(words(tag))
    return sorted(found)
