"""How large an answer may be: AWS Lambda returns at most 6 MB, and fails the whole call beyond, with what it has done.

The answer travels as a text in JSON. There a quote takes two bytes, and a letter beyond ASCII up to twelve, since the
runtimes of Python 3.11 and older write it as an escape.
"""

from __future__ import annotations

import json
from typing import Final

#: What is left beside status and headers.
MAX_ANSWER_BYTES: Final = 6 * 1024 * 1024 - 64 * 1024
_MOST_BYTES_PER_CHAR: Final = 12


def fits(body: str | bytes) -> bool:
    """Whether Lambda returns ``body``; bytes go as base64."""
    if isinstance(body, bytes):
        return len(body) * 4 // 3 <= MAX_ANSWER_BYTES
    return len(body) * _MOST_BYTES_PER_CHAR <= MAX_ANSWER_BYTES or len(json.dumps(body)) <= MAX_ANSWER_BYTES
