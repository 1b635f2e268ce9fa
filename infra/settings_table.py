"""Writes the table of settings of ``docs/settings.md``: ``python -m infra.settings_table``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from chalicelib.settings import Settings

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
_MARKED: Final = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->)", re.DOTALL)


def table() -> str:
    """Return one row for each variable that users set, as Markdown."""
    rows = [each for each in Settings.variables().values() if each.meaning]
    lines = [f"| `{each.name}` | {each.default} | {each.meaning} |" for each in rows]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *lines, ""])


def filled(page: str) -> str:
    """Return the text of the page with the current table."""
    return _MARKED.sub(lambda found: f"{found[1]}{table()}{found[2]}", page)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
