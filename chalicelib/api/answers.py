"""The size limit of answers: AWS Lambda returns at most 6 MB, and fails the whole call above that.

An answer is sent as a JSON string, in which a quote takes two bytes, and a letter outside ASCII up to twelve, because
the runtimes of Python 3.11 and older escape it.
"""

from __future__ import annotations

import json
from typing import Final

#: The limit without status and headers.
MAX_ANSWER_BYTES: Final = 6 * 1024 * 1024 - 64 * 1024
_MOST_BYTES_PER_CHAR: Final = 12


def fits(body: str | bytes) -> bool:
    """Return whether Lambda can return ``body``; bytes are sent as base64."""
    if isinstance(body, bytes):
        return len(body) * 4 // 3 <= MAX_ANSWER_BYTES
    return len(body) * _MOST_BYTES_PER_CHAR <= MAX_ANSWER_BYTES or len(json.dumps(body)) <= MAX_ANSWER_BYTES
