"""Comments of people on jobs, and on groups of dead letters. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MAX_TEXT_CHARS: Final = 2_000
#: Comments on one job, or on one group.
MAX_PER_SUBJECT: Final = 200
#: How long a comment on a group is kept. One on a job is deleted with the job.
KEPT: Final = timedelta(days=365)
#: Characters of a text besides letters, and the joiners of scripts and emoji.
_LAYOUT: Final = frozenset("\n\t\u200c\u200d\u200e\u200f") | frozenset(map(chr, range(0xE0020, 0xE0080)))
_UNFIT: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a comment is about: a job, with its owner, or a group of dead letters (``JobError.group``) of a tenant."""

    tenant_id: str
    job_id: str | None = None
    group: str | None = None
    #: The owner of the job, who sees what is said about it.
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote about a job or a group."""

    id: str
    subject: Subject
    author_id: str
    text: str
    created_at: datetime
    #: The name of the API key by which a service wrote it; ``None`` for a person.
    key: str | None = None


def comment_text(text: str) -> str:
    """Return a text in NFC, with ``\\n`` as line breaks, stripped.

    Raises ``ValueError`` for one that is blank, or has characters that cannot be seen or change the direction.
    """
    clean = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not clean:
        raise ValueError("Input should not be blank")
    if any(unicodedata.category(char) in _UNFIT and char not in _LAYOUT for char in clean):
        raise ValueError("Input should have no control characters and no changes of direction")
    return clean
