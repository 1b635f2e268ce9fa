"""Writes the tables that are generated from the code: ``python -m infra.docs.tables``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from chalicelib import errors
from chalicelib.api.errors import status_of
from chalicelib.settings import Settings

#: The status of errors whose code and text clients do not get.
INTERNAL: Final = 500
#: Attributes of errors, and the names of them in answers.
IN_ANSWERS: Final = {"`retry_after_s`": "`retryAfter`", "`job_id`": "`jobId`"}
DOCS: Final = Path(__file__).resolve().parents[2] / "docs"


def settings() -> str:
    """Return one row for each variable that users set, as Markdown."""
    rows = [each for each in Settings.variables().values() if each.meaning]
    lines = [f"| `{each.name}` | {each.default} | {each.meaning} |" for each in rows]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *lines, ""])


def error_codes() -> str:
    """Return one row for each code of an error, as Markdown: the HTTP status, and the first sentence of its class."""
    kinds = {each.code: each for each in _kinds(errors.QueueCraftError) if _status(each) != INTERNAL}
    lines = [
        f"| `{kind.code}` | {_status(kind)} | {_first_sentence(kind)} |" for kind in sorted(kinds.values(), key=_rank)
    ]
    return "\n".join(["| code | status | when |", "|---|---|---|", *lines, ""])


#: What stands between ``<!-- name -->`` and ``<!-- /name -->`` of a page.
TABLES: Final[Mapping[str, tuple[str, Callable[[], str]]]] = {
    "settings": ("settings.md", settings),
    "errors": ("errors.md", error_codes),
}


def filled(name: str, page: str) -> str:
    """Return the text of a page with its current table."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return marked.sub(lambda found: f"{found[1]}{TABLES[name][1]()}{found[2]}", page)


def _kinds(kind: type[errors.QueueCraftError]) -> Iterator[type[errors.QueueCraftError]]:
    for each in kind.__subclasses__():
        yield from _kinds(each)
        yield each


def _rank(kind: type[errors.QueueCraftError]) -> tuple[int, str]:
    return _status(kind), kind.code


def _status(kind: type[errors.QueueCraftError]) -> int:
    return status_of(kind.__new__(kind))


def _first_sentence(kind: type[errors.QueueCraftError]) -> str:
    text = " ".join((inspect.getdoc(kind) or "").split())
    sentence = text.partition(". ")[0].rstrip(".").removeprefix("Raised when ").replace("``", "`").replace("|", "\\|")
    for attribute, name in IN_ANSWERS.items():
        sentence = sentence.replace(attribute, name)
    return sentence


if __name__ == "__main__":
    for name, (page, _) in TABLES.items():
        path = DOCS / page
        path.write_text(filled(name, path.read_text()))
