"""Normal forms of text that users type: names for display, passwords for comparison. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

#: Format characters that belong to scripts and emoji: joiners, direction marks, the tags of flags. The others are
#: invisible, or reverse the direction of the text that follows the name (U+202E).
_JOINERS: Final = frozenset("\u200c\u200d\u200e\u200f") | frozenset(map(chr, range(0xE0020, 0xE0080)))
#: Controls, format characters, surrogates, line and paragraph separators.
_UNFIT: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: Letters, numbers, punctuation, symbols.
_VISIBLE: Final = frozenset("LNPS")
_NONCHARACTER: Final = 0xFFFE
_ARABIC_NONCHARACTERS: Final = range(0xFDD0, 0xFDF0)


def display_name(text: str) -> str:
    """Return a name in NFC, with every kind of space as U+0020, stripped (RFC 8265, 8266).

    Raises ``ValueError`` for a name that cannot be displayed: with controls, line separators or changes of direction,
    or with nothing visible.
    """
    name = _plain_spaces(unicodedata.normalize("NFC", text)).strip()
    if any(_is_unfit(char) for char in name):
        raise ValueError("A name has no control characters, line breaks or changes of direction")
    if not any(unicodedata.category(char)[0] in _VISIBLE for char in name):
        raise ValueError("A name has at least one visible character")
    return name


def password(text: str) -> str:
    """Return a password in the form that is hashed: NFKC (NIST SP 800-63B), all spaces as U+0020 (RFC 8265)."""
    return _plain_spaces(unicodedata.normalize("NFKC", text))


def password_forms(text: str) -> list[str]:
    """Return what may have been hashed for a password: ``password`` first, then the forms of older versions."""
    older = (text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))
    return list(dict.fromkeys([password(text), *older]))


def _plain_spaces(text: str) -> str:
    return text if text.isascii() else "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)


def _is_unfit(char: str) -> bool:
    code = ord(char)
    is_noncharacter = code & _NONCHARACTER == _NONCHARACTER or code in _ARABIC_NONCHARACTERS
    return is_noncharacter or (unicodedata.category(char) in _UNFIT and char not in _JOINERS)
