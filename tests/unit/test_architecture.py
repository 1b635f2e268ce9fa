"""docs/architecture.md names what exists."""

import ast
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import grimp

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text()
MAX_LINES = 400
#: Words that the code once had for things with a name in the field; the glossary has that name.
RETIRED = {
    "aftermath", "bell", "chronicle", "desk", "doorbell", "heart", "holdings", "hungry", "licence", "told", "upkeep",
    "wish",
}  # fmt: skip
HEADINGS = re.findall(r"^#+ (.+)$", DOCUMENT, re.MULTILINE)


def test_each_file_of_the_worker_has_its_line() -> None:
    section = DOCUMENT.partition("## The worker, file by file")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+\.py)`", section))
    there = {path.name for path in (ROOT / "worker_fn").rglob("*.py")}
    assert named - {"lifecycle.py"} == there - {"__init__.py"}


def test_no_file_is_long() -> None:
    folders = {path.parent for path in ROOT.glob("*/*") if path.suffix == ".py"} | {ROOT / "clients"}
    files = [path for folder in folders for path in folder.rglob("*.py")]
    lines = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in files}
    assert len(lines) > 900
    assert {name: number for name, number in lines.items() if number > MAX_LINES} == {}


def identifiers(path: Path) -> set[str]:
    """Return the names that a file defines or uses, without those of tests, which are sentences."""
    fields = ("id", "attr", "arg", "name", "asname")
    tree = ast.walk(ast.parse(path.read_text()))
    found = {getattr(node, field, None) for node in tree for field in fields}
    return {name for name in found if isinstance(name, str) and not name.startswith("test_")}


def test_retired_words_are_no_identifiers() -> None:
    folders = ("chalicelib", "worker_fn", "websocket_fn", "infra", "bench", "clients", "queuecraft", "tests")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts]
    assert len(files) > 900
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in identifiers(path)
        if RETIRED & set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower()))
    }
    assert found == set()


def test_linked_files_exist() -> None:
    for name in re.findall(r"`((?:chalicelib|worker_fn|websocket_fn|infra)/[\w/.]+)`", DOCUMENT):
        assert (ROOT / name).exists(), name


def test_a_job_is_followed_through_few_files_which_are_there() -> None:
    section = DOCUMENT.partition("## Follow a job, file by file")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| \[([\w/.]+)\]\((\S+)\)", section, re.MULTILINE)
    assert 20 <= len(rows) <= 28
    for name, link in rows:
        assert link == f"../{name}"
        assert (ROOT / name).is_file(), name


def test_links_within_the_document_lead_somewhere() -> None:
    headings = {re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-") for line in HEADINGS}
    assert set(re.findall(r"\]\(#([\w-]+)\)", DOCUMENT)) <= headings


def test_the_glossary_is_short_and_names_each_word_once() -> None:
    rows = re.findall(r"^\| (.+?) \|", DOCUMENT.partition("## Glossary")[2], re.MULTILINE)[2:]
    assert 15 <= len(rows) <= 50
    assert len(rows) == len(set(rows))


def contracts() -> dict[str, dict[str, Any]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["name"]: contract for contract in project["tool"]["importlinter"]["contracts"]}


def test_each_contract_has_its_sentence() -> None:
    section = " ".join(DOCUMENT.partition("## Layers")[2].partition("\n## ")[0].split()).lower()
    assert [name for name in contracts() if f"*{name.lower()}" not in section] == []


def test_the_contract_of_the_domain_names_every_distribution() -> None:
    graph = grimp.build_graph(
        "chalicelib", "worker_fn", "websocket_fn",
        include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None,
    )  # fmt: skip
    external = {module for module in graph.modules if graph.is_module_squashed(module)}
    known = contracts()["Domain, settings and errors import only the standard library"]["forbidden_modules"]
    assert external - set(sys.stdlib_module_names) <= set(known)


def test_the_contract_of_routines_names_each() -> None:
    folder = "chalicelib/services/maintenance"
    parts = {"__init__", "routine", "sweeper", "walk", "withdrawal"}
    there = {path.stem for path in (ROOT / folder).glob("*.py")} - parts
    named = contracts()["Routines of maintenance know nothing of each other"]["modules"]
    assert {module.rpartition(".")[2] for module in named} == there
