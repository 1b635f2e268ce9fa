"""The distribution: it builds, is typed, and has nothing of the server."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import grimp
from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[2] / "clients" / "python"


def test_the_wheel_has_the_package_alone(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True, timeout=120)
    [wheel] = tmp_path.glob("queuecraft_client-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"queuecraft_client/py.typed", "queuecraft_client/resources/jobs.py"} <= names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"queuecraft_client"}


def test_it_imports_what_it_requires_and_nothing_of_the_server() -> None:
    graph = grimp.build_graph("queuecraft_client", include_external_packages=True, cache_dir=None)
    external = {module for module in graph.modules if graph.is_module_squashed(module)} - set(sys.stdlib_module_names)
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    required = {Requirement(each).name for each in project["dependencies"]}
    assert external == required | {Requirement(each).name for each in project["optional-dependencies"]["cli"]}
    beside_cli = [each for each in graph.modules if each.startswith("queuecraft_client") and ".cli" not in each]
    assert {
        found for each in beside_cli for found in graph.find_modules_directly_imported_by(each)
    } & external == required


def test_no_module_is_longer_than_400_lines() -> None:
    long = [path.name for path in PROJECT.rglob("*.py") if len(path.read_text().splitlines()) > 400]
    assert long == []
