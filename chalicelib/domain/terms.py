"""The terms by which jobs are searched. Pure.

A word is a run of letters and digits with their combining marks, in the folded form of ``fold``. A job keeps one
sorted list of terms: its task, queue and tags whole, and the words of these and of its name. One index then serves
search by prefix and the filters by task, queue and tag. A job in the DLQ also keeps the words of its error, prefixed
with ``ERROR_MARK``, and a replay the id of its origin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from chalicelib.domain.jobs import DEFAULT_QUEUE

#: Incremented when the terms of a job are formed in another way; older records are then re-indexed.
VERSION: Final = 2
MAX_TERM_CHARS: Final = 64
#: Words kept of a task name, of a queue name and of a tag.
MAX_KEY_WORDS: Final = 3
#: Words kept of a job name.
MAX_NAME_WORDS: Final = 40
#: Words kept of the type and message of an error.
MAX_ERROR_WORDS: Final = 30
#: No word begins with it, so that words of errors match only a search for errors.
ERROR_MARK: Final = "!"
#: With the id of a job behind it: the term of its replays. So the index of terms finds these, and no write of a plain
#: job looks at one more index.
REPLAY_MARK: Final = "^"
#: Maximum number of words of a search.
MAX_SEARCH_WORDS: Final = 8

_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")
_VARIATION_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f]")
#: Case folding leaves a dot above the i of ``İ``, which users do not type.
_DOTTED_I: Final = "i\u0307"
_ID: Final = re.compile(r"[0-9a-f]{24}")


def fold(text: str) -> str:
    """Return the form in which texts are compared: NFKC, case-folded, without invisible characters.

    Equal for composed and decomposed letters, for full-width and common digits, for capitals and small letters.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", _VARIATION_SELECTORS.sub("", seen).replace(_DOTTED_I, "i"))


def words(text: str, limit: int) -> list[str]:
    """Return the first ``limit`` words of ``text``, each cut to ``MAX_TERM_CHARS``."""
    return [word[:MAX_TERM_CHARS] for word in _words(fold(text))[:limit]]


def asked_words(text: str) -> tuple[str, ...]:
    """Return the words of a search. Raises ``ValueError`` for a search that terms cannot answer."""
    found = list(dict.fromkeys(_words(fold(text))))
    if not found:
        raise ValueError("Input should have a letter or a digit")
    if len(found) > MAX_SEARCH_WORDS:
        raise ValueError(f"Input should have at most {MAX_SEARCH_WORDS} words")
    if any(len(word) > MAX_TERM_CHARS for word in found):
        raise ValueError(f"A word should have at most {MAX_TERM_CHARS} characters")
    return tuple(found)


def job_id_in(text: str) -> str | None:
    """Return the id of a job if ``text`` is one and nothing else."""
    asked = text.strip().lower()
    return asked if _ID.fullmatch(asked) else None


def whole(key: str) -> str:
    """Return the term of a whole task, queue or tag."""
    return fold(key)[:MAX_TERM_CHARS]


def spellings(key: str) -> list[str]:
    """Return the canonically equivalent spellings of ``key``: as given, composed, decomposed."""
    forms = (key, unicodedata.normalize("NFC", key), unicodedata.normalize("NFD", key))
    return list(dict.fromkeys(forms))


def job_terms(name: str, task: str, queue: str, tags: Sequence[str]) -> list[str]:
    """Return all terms of a job, sorted and unique. The default queue adds none, to keep the index small."""
    keys = [task, *tags] if queue == DEFAULT_QUEUE else [task, queue, *tags]
    return sorted({*words(name, MAX_NAME_WORDS), *(term for key in keys for term in _of_key(key))})


def error_terms(kind: str, message: str) -> list[str]:
    """Return the words of an error, marked, sorted and unique."""
    return sorted({ERROR_MARK + word for word in words(f"{kind} {message}", MAX_ERROR_WORDS)})


@lru_cache(maxsize=1024)
def _of_key(key: str) -> frozenset[str]:
    return frozenset({whole(key), *words(key, MAX_KEY_WORDS)})


def _words(folded: str) -> list[str]:
    return _ASCII_WORD.findall(folded) if folded.isascii() else list(_runs(folded))


def _runs(folded: Iterable[str]) -> Iterator[str]:
    run: list[str] = []
    for char in folded:
        if char.isalnum() or (run and unicodedata.category(char).startswith("M")):
            run.append(char)
        elif run:
            yield "".join(run)
            run = []
    if run:
        yield "".join(run)
