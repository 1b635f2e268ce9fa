"""Builds the documentation's site: ``python -m infra.docs.site``, to ``build/site``.

Pages are copied to ``build/docs`` first. There links to files of the repository become links to ``DOCS_REPOSITORY``
(the address of its files in a browser), or plain text without it; decisions get a list, ``llms.txt`` lists all pages.
A line ``<!-- code: examples/article/app.py -->`` becomes the code of that file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"
CONFIG: Final = ROOT / "zensical.toml"
#: How long the build may take, in seconds.
BUILD_S: Final = 300
_LINK: Final = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
_INCLUDED: Final = re.compile(r"^<!-- code: (\S+) -->$", re.MULTILINE)
_CODE: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def stage(target: Path, repository: str = "") -> None:
    """Copy all pages to ``target`` with links that a site can follow; add the list of decisions, and ``llms.txt``."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(DOCS, target)
    (target / "decisions" / "index.md").write_text(_decisions())
    for page in sorted(target.rglob("*.md")):
        text = _INCLUDED.sub(_code, page.read_text())
        page.write_text(_followable(text, DOCS / page.relative_to(target), repository))
    (target / "llms.txt").write_text(_llms())


def build(repository: str = "") -> str:
    """Build the site; return what the builder printed. Raises ``CalledProcessError``."""
    stage(ROOT / "build" / "docs", repository)
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BUILD_S, check=False)  # noqa: S603
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()
    return done.stdout


def pages() -> list[tuple[str, str]]:
    """Return (section, page) of each page in the order of the navigation."""
    with CONFIG.open("rb") as file:
        nav: list[Any] = tomllib.load(file)["project"]["nav"]
    return list(_pages(nav, ""))


def _pages(nav: list[Any], section: str) -> Iterator[tuple[str, str]]:
    for each in nav:
        if isinstance(each, str):
            yield section, each
            continue
        ((name, below),) = each.items()
        if isinstance(below, str):
            yield section, below
        else:
            yield from _pages(below, name)


def _code(line: re.Match[str]) -> str:
    """Return the code of a file as a block. Raises ``FileNotFoundError``."""
    path = ROOT / line[1]
    language = {".py": "python", ".toml": "toml"}.get(path.suffix, "")
    return f"```{language}\n{path.read_text().rstrip()}\n```"


def _followable(text: str, page: Path, repository: str) -> str:
    """Return the text of a page without links that leave the folder of pages."""

    def followed(link: re.Match[str]) -> str:
        name, address = link[1], link[2]
        path, _, anchor = address.partition("#")
        if not path or "://" in path or path.startswith("mailto:"):
            return link[0]
        target = (page.parent / path).resolve()
        if target == DOCS / "decisions":
            return f"[{name}]({os.path.relpath(target / 'index.md', page.parent)})"
        if target.is_relative_to(DOCS):
            return link[0]
        if target == ROOT / "README.md":
            return f"[{name}]({os.path.relpath(DOCS / 'index.md', page.parent)})"
        shown = target.relative_to(ROOT).as_posix()
        return f"[{name}]({repository.rstrip('/')}/{shown}{'#' + anchor if anchor else ''})" if repository else name

    parts, end = [], 0
    for code in _CODE.finditer(text):
        parts += [_LINK.sub(followed, text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, _LINK.sub(followed, text[end:])])


def title_of(page: Path) -> str:
    """Return the heading of a page."""
    return page.read_text().partition("\n")[0].removeprefix("# ").strip()


def _decisions() -> str:
    rows = [f"- [{title_of(page)}]({page.name})" for page in sorted((DOCS / "decisions").glob("[0-9]*.md"))]
    return "\n".join(
        ["# Decisions", "", "What was chosen, why, and what it costs, in the order of the decisions.", "", *rows, ""]
    )


def _llms() -> str:
    """Return the list of pages for language models: https://llmstxt.org."""
    lines = ["# QueueCraft", "", "> Background jobs on serverless: a job queue and processor in Python for AWS Lambda."]
    last = None
    for section, page in pages():
        if section != last:
            lines += ["", f"## {section or 'Home'}", ""]
            last = section
        name = "Decisions" if page == "decisions/index.md" else title_of(DOCS / page)
        lines.append(f"- [{name}]({page.removesuffix('index.md').removesuffix('.md')})")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(build(os.environ.get("DOCS_REPOSITORY", "")))
