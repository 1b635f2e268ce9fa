"""The terms by which a job is found. Pure.

A word is a run of letters and digits, case-folded. A job keeps, in one sorted list, its task, queue and tags whole
and the words of these and of its name, so that one index serves search by prefix and the filters by task, queue and
tag.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from chalicelib.domain.jobs import DEFAULT_QUEUE

MAX_TERM_CHARS: Final = 64
#: Words kept of a task's name, of a queue's name and of a tag.
MAX_KEY_WORDS: Final = 3
#: Words kept of a job's name.
MAX_NAME_WORDS: Final = 40

_WORD: Final = re.compile(r"[^\W_]+")


def words(text: str, limit: int) -> list[str]:
    """The first ``limit`` words of ``text``, each cut to ``MAX_TERM_CHARS``."""
    return [word[:MAX_TERM_CHARS] for word in _WORD.findall(text.casefold())[:limit]]


def whole(key: str) -> str:
    """The term that stands for a task, queue or tag as it is."""
    return key.casefold()[:MAX_TERM_CHARS]


def job_terms(name: str, task: str, queue: str, tags: Sequence[str]) -> list[str]:
    """All terms of a job, sorted, each once. The default queue adds none: it would only bloat the index."""
    keys = [task, *tags] if queue == DEFAULT_QUEUE else [task, queue, *tags]
    return sorted({*words(name, MAX_NAME_WORDS), *(term for key in keys for term in _of_key(key))})


@lru_cache(maxsize=1024)
def _of_key(key: str) -> frozenset[str]:
    return frozenset({whole(key), *words(key, MAX_KEY_WORDS)})
