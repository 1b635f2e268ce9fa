"""Texts that people type, in one form: names for showing, passwords for comparing. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

#: Format characters that belong to scripts and emoji: joiners, direction marks, the tags of flags. The others are
#: invisible, or turn the direction of what follows the name (U+202E).
_JOINERS: Final = frozenset("\u200c\u200d\u200e\u200f") | frozenset(map(chr, range(0xE0020, 0xE0080)))
#: Controls, format characters, surrogates, line and paragraph separators.
_UNFIT: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: Letters, numbers, punctuation, symbols: what one sees.
_VISIBLE: Final = frozenset("LNPS")
_NONCHARACTER: Final = 0xFFFE
_ARABIC_NONCHARACTERS: Final = range(0xFDD0, 0xFDF0)


def display_name(text: str) -> str:
    """A name in NFC, spaces of any kind as U+0020, without those around it (RFC 8265, 8266).

    Raises ``ValueError`` for what cannot be shown: controls, line separators, changes of direction, nothing visible.
    """
    name = _plain_spaces(unicodedata.normalize("NFC", text)).strip()
    if any(_is_unfit(char) for char in name):
        raise ValueError("A name has no control characters, line breaks or changes of direction")
    if not any(unicodedata.category(char)[0] in _VISIBLE for char in name):
        raise ValueError("A name has at least one visible character")
    return name


def password(text: str) -> str:
    """A password in the form that is hashed: NFKC (NIST SP 800-63B), spaces of any kind as U+0020 (RFC 8265)."""
    return _plain_spaces(unicodedata.normalize("NFKC", text))


def password_forms(text: str) -> list[str]:
    """What may have been hashed for a password: ``password`` first, then as it was typed, as older versions did."""
    older = (text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))
    return list(dict.fromkeys([password(text), *older]))


def _plain_spaces(text: str) -> str:
    return text if text.isascii() else "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)


def _is_unfit(char: str) -> bool:
    code = ord(char)
    is_noncharacter = code & _NONCHARACTER == _NONCHARACTER or code in _ARABIC_NONCHARACTERS
    return is_noncharacter or (unicodedata.category(char) in _UNFIT and char not in _JOINERS)
