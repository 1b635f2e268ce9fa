"""Values of payloads and results that nobody is shown: paths such as ``card.number``, and the text without them. Pure.

A step of a path is a name, or ``*`` for every name and element; a dot in a name is written ``\\.``. Lists within a path
are passed through, so ``users.email`` means that field of every user. What is not redacted stays as it was sent, number
by number: values are cut out of the text, which is never written anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from chalicelib.errors import InvalidInput

#: What is shown in place of a value.
REDACTED: Final = "[redacted]"
MAX_PATHS: Final = 50
MAX_PATH_CHARS: Final = 300
MAX_STEPS: Final = 16
EVERY: Final = "*"
#: Shorter values are not looked for in texts such as log lines: they would be found everywhere.
MIN_VALUE_CHARS: Final = 4
_SHOWN: Final = json.dumps(REDACTED)
_STEP: Final = re.compile(r"(?:\\.|[^\\.])+", re.DOTALL)
_PATH: Final = re.compile(rf"{_STEP.pattern}(?:\.{_STEP.pattern})*", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_SPACE: Final = re.compile(r"[ \t\n\r]*")
#: Finds where a value ends; numbers stay text, since huge ones cannot be read.
_value_end: Final = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode
#: What the text of a value raises that is nested too deeply, or is no JSON.
_UNREADABLE: Final = (RecursionError, ValueError, StopIteration, IndexError)

#: Steps that lead on, each with those behind it; ``None`` ends a path.
Tree = dict[str, "Tree | None"]


class Span(NamedTuple):
    """Where a redacted value is in a text, and its path with the numbers of elements."""

    path: tuple[str | int, ...]
    start: int
    end: int


def checked_paths(paths: Sequence[str]) -> tuple[str, ...]:
    """Return ``paths`` sorted, each once. Raises ``InvalidInput`` whose field is the number of the wrong one."""
    if len(paths) > MAX_PATHS:
        raise InvalidInput(f"At most {MAX_PATHS} paths can be redacted", "")
    for n, path in enumerate(paths):
        if len(path) > MAX_PATH_CHARS or not _PATH.fullmatch(path) or len(steps_of(path)) > MAX_STEPS:
            raise InvalidInput(
                f"A path should look like card.number or user.*.email, with at most {MAX_STEPS} steps and "
                f"{MAX_PATH_CHARS} characters",
                str(n),
            )
    return tuple(sorted(set(paths)))


def steps_of(path: str) -> list[str]:
    """Return the steps of a path; an escaped ``\\*`` is kept, since ``*`` stands for every name."""
    steps = _STEP.findall(path)
    return [step if step == "\\*" else _ESCAPE.sub(r"\1", step) for step in steps]


class Redaction:
    """The paths that hold for a job. Make it by ``redaction_of``, which keeps those in use."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self.paths = paths
        self._tree: Tree = {}
        ends: set[str] = set()
        for path in paths:
            *first, last = steps_of(path)
            _add(self._tree, first, last)
            ends.add(last)
        #: Names of which one is in each text with a redacted value; ``None`` if they do not show that.
        plain = all(end != EVERY and end.isascii() and end.isidentifier() for end in ends)
        self._marks = tuple(f'"{end}"' for end in sorted(ends)) if plain else None

    def text(self, text: str) -> str:
        """Return JSON text with redacted values replaced; all of it if it is nested too deeply to be looked into."""
        if self._marks is not None and "\\" not in text and not any(mark in text for mark in self._marks):
            return text
        try:
            spans = list(self._spans(text))
        except _UNREADABLE:
            return _SHOWN
        parts: list[str] = []
        at = 0
        for span in spans:
            parts += text[at : span.start], _SHOWN
            at = span.end
        return "".join([*parts, text[at:]]) if spans else text

    def restored(self, shown: str, kept: str) -> str:
        """Return ``shown``, a payload that was shown and changed, with the values of ``kept`` where they are redacted.

        Raises ``InvalidInput`` for a redacted value that ``kept`` lacks.
        """
        try:
            given, known = (
                list(self._spans(shown)),
                {span.path: kept[span.start : span.end] for span in self._spans(kept)},
            )
        except _UNREADABLE:
            raise InvalidInput("It is nested too deeply to keep what is redacted", "payload") from None
        parts: list[str] = []
        at = 0
        for span in given:
            if shown[span.start : span.end] == _SHOWN:
                if span.path not in known:
                    field = ".".join(str(step) for step in ("payload", *span.path))
                    raise InvalidInput(f"There is no value for {REDACTED} here; give one", field[:MAX_PATH_CHARS])
                parts += shown[at : span.start], known[span.path]
                at = span.end
        return "".join([*parts, shown[at:]])

    def values(self, text: str) -> tuple[str, ...]:
        """Return the redacted values as they may stand in other texts, the longest first; short ones are left out."""
        try:
            inner = [json.loads(text[span.start : span.end]) for span in self._spans(text)]
        except _UNREADABLE:
            return ()
        found: set[str] = set()
        for value in _scalars(inner):
            found |= {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
        return tuple(sorted((each for each in found if len(each) >= MIN_VALUE_CHARS), key=len, reverse=True))

    def _spans(self, text: str) -> Iterator[Span]:
        return _walk(text, _SPACE.match(text, 0).end(), self._tree, ())  # type: ignore[union-attr]


@lru_cache(maxsize=4096)
def redaction_of(paths: tuple[str, ...]) -> Redaction:
    """Return the redaction of ``paths``."""
    return Redaction(paths)


def joined(one: Iterable[str], other: Iterable[str]) -> Redaction | None:
    """Return the redaction of both, ``None`` if there are no paths."""
    paths = tuple(sorted({*one, *other}))
    return redaction_of(paths) if paths else None


def covers(paths: Iterable[str], steps: Sequence[str]) -> bool:
    """Return whether the value at ``steps`` is redacted, or has something redacted in it."""
    for path in paths:
        own = steps_of(path)
        if all(mine in (EVERY, step) for mine, step in zip(own, steps, strict=False)):
            return True
    return False


@lru_cache(maxsize=512)
def _known_values(redaction: Redaction, text: str) -> tuple[str, ...]:
    return redaction.values(text)


def without_values(text: str, redaction: Redaction, *documents: str | None) -> str:
    """Return a text, such as a message, without the values that ``redaction`` hides in ``documents``."""
    for document in documents:
        text = without(text, _known_values(redaction, document) if document else ())
    return text


def without(text: str, values: Iterable[str]) -> str:
    """Return a text without ``values``."""
    for value in values:
        if value in text:
            text = text.replace(value, REDACTED)
    return text


def _add(tree: Tree, first: Sequence[str], last: str) -> None:
    for step in first:
        inner = tree.setdefault(step, {})
        if inner is None:  # a shorter path covers this one
            return
        tree = inner
    tree[last] = None


def _inner(tree: Tree, step: str) -> tuple[bool, Tree]:
    """Return whether the value behind ``step`` is redacted, else what is redacted in it."""
    own, every = tree.get(step, {}), tree.get(EVERY, {})
    if step == EVERY:  # the name itself, which is written with a backslash
        own = tree.get("\\*", {})
    if own is None or every is None:
        return True, {}
    return False, own if not every else every if not own else _merged(own, every)


def _merged(one: Tree, other: Tree) -> Tree:
    merged = dict(one)
    for step, inner in other.items():
        known = merged.get(step, {})
        merged[step] = None if inner is None or known is None else _merged(known, inner)
    return merged


def _walk(text: str, at: int, tree: Tree, path: tuple[str | int, ...]) -> Iterator[Span]:
    """Yield the redacted values within the value that begins at ``at``."""
    if text[at] == "{":
        yield from _walk_object(text, at, tree, path)
    elif text[at] == "[":
        yield from _walk_list(text, at, tree, path)


def _walk_object(text: str, at: int, tree: Tree, path: tuple[str | int, ...]) -> Iterator[Span]:
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, at = _value_end(text, at)
        at = _skip(text, _skip(text, at) + 1)  # behind the colon
        end = _value_end(text, at)[1]
        hidden, inner = _inner(tree, name)
        if hidden:
            yield Span((*path, name), at, end)
        elif inner:
            yield from _walk(text, at, inner, (*path, name))
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _walk_list(text: str, at: int, tree: Tree, path: tuple[str | int, ...]) -> Iterator[Span]:
    """Elements are passed through, and are what ``*`` names."""
    every = tree.get(EVERY, {})
    inner = tree if not every else _merged(tree, every)
    at, n = _skip(text, at + 1), 0
    while text[at] != "]":
        end = _value_end(text, at)[1]
        if every is None:
            yield Span((*path, n), at, end)
        else:
            yield from _walk(text, at, inner, (*path, n))
        at, n = _skip(text, end), n + 1
        if text[at] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = value.values()
    elif isinstance(value, str):
        yield value
        return
    elif not isinstance(value, list):
        if not isinstance(value, bool) and value is not None:
            yield json.dumps(value)
        return
    for inner in value:
        yield from _scalars(inner)
