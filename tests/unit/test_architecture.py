"""The document of the architecture names what there is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text()


def test_each_file_of_the_worker_has_its_line() -> None:
    section = DOCUMENT.partition("## The worker, file by file")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+\.py)`", section))
    there = {path.name for path in (ROOT / "worker_fn").rglob("*.py")}
    assert named - {"lifecycle.py"} == there - {"__init__.py"}


def test_files_that_it_names_are_there() -> None:
    for name in re.findall(r"`((?:chalicelib|worker_fn|websocket_fn|infra)/[\w/.]+)`", DOCUMENT):
        assert (ROOT / name).exists(), name
