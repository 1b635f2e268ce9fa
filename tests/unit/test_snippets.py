"""Each block of code in the README and the pages: what no other test runs has the right syntax and names that exist."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").rglob("README.md"))]
OURS = ("chalicelib", "infra", "queuecraft", "queuecraft_client", "queuecraft_testing", "worker_fn")
BLOCK = re.compile(r"^( *)```([\w-]*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
#: What the pages show besides code: output, diagrams. The tests of the TypeScript client check `ts`.
PLAIN = {"", "console", "text", "mermaid", "ts"}


def of_python(text: str) -> None:
    compile(text, "snippet", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in OURS:
            module = import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name), f"{node.module} has no {alias.name}"


def of_shell(text: str) -> None:
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr


CHECKS: dict[str, Callable[[str], object]] = {
    "python": of_python,
    "sh": of_shell,
    "bash": of_shell,
    "json": json.loads,
    "toml": tomllib.loads,
}


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return (language, text) of each block."""
    return [
        (language, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))
        for indent, language, text in BLOCK.findall(page.read_text())
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_of_code_are_right(page: Path) -> None:
    for language, text in blocks(page):
        if language in PLAIN:
            continue
        try:
            CHECKS[language](text)
        except Exception as error:
            pytest.fail(f"{language}: {error}\n{text}")


def test_wrong_blocks_are_found() -> None:
    for language, text in (
        ("python", "def f(:"), ("python", "from queuecraft import tusk"), ("sh", "if true; then"), ("json", "{a: 1}"),
        ("toml", "a = b"),
    ):  # fmt: skip
        with pytest.raises(Exception):  # noqa: B017 - each has its own
            CHECKS[language](text)


def test_every_block_is_seen() -> None:
    for page in PAGES:
        assert len(blocks(page)) * 2 == len(re.findall(r"^ *```", page.read_text(), re.MULTILINE)), page.name
