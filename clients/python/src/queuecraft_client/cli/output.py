"""What commands print: a table on a terminal, tab-separated lines into a pipe, or JSON, one object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from queuecraft_client.models import Model

M = TypeVar("M", bound=Model)
_STYLES = {
    "completed": "green",
    "active": "green",
    "dlq": "red",
    "failed": "red",
    "running": "cyan",
    "cancelled": "yellow",
    "paused": "yellow",
}

_STAND_INS = {"\n": " ", "\t": " "}


class Column(NamedTuple):
    """A column of a table: its heading, and what it shows of a row."""

    heading: str
    of: Callable[[Any], Any]


class Output:
    """The standard output. ``as_json`` is set by ``--json``, before a command begins."""

    def __init__(self) -> None:
        self.as_json = False
        self._console = Console(soft_wrap=False, highlight=False)
        self.errors = Console(stderr=True, highlight=False)

    def rows(self, found: Iterable[M], columns: Sequence[Column]) -> None:
        """Print a list. JSON and lines are printed as they come."""
        if self.as_json:
            for each in found:
                self.json(each.raw)
        elif self._console.is_terminal:
            table = Table(*(column.heading for column in columns), box=None, pad_edge=False, header_style="bold")
            for each in found:
                table.add_row(*(_styled(_text(column.of(each))) for column in columns))
            self._console.print(table)
        else:
            self._line(column.heading.lower() for column in columns)
            for each in found:
                self._line(_text(column.of(each)) for column in columns)

    def item(self, item: Model, columns: Sequence[Column]) -> None:
        """Print one thing, with a line for each column that has a value."""
        if self.as_json:
            self.json(item.raw)
            return
        width = max(len(column.heading) for column in columns)
        for column in columns:
            if text := _text(column.of(item)):
                line = Text(f"{column.heading.lower():<{width}}  ", style="bold" if self._console.is_terminal else "")
                self.text(line.append_text(_styled(text)))

    def done(self, sentence: str, **data: Any) -> None:
        """Print what was done."""
        if self.as_json:
            self.json(data)
        else:
            self.text(Text(plain(sentence)))

    def text(self, text: Text) -> None:
        """Print text, which is broken nowhere."""
        self._console.print(text, soft_wrap=True)

    def json(self, value: Any) -> None:
        """Print a line of JSON."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
        sys.stdout.flush()

    def _line(self, cells: Iterable[str]) -> None:
        sys.stdout.write("\t".join(cells) + "\n")


def plain(text: str) -> str:
    """Return text without characters that a terminal, or a reader of lines, would obey."""
    return "".join(
        each if each.isprintable() else " " if each in "\n\t" else "\N{REPLACEMENT CHARACTER}" for each in text
    )


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(_text(each) for each in value)
    return plain(json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value))


def _styled(text: str) -> Text:
    return Text(text, style=_STYLES.get(text, ""))
