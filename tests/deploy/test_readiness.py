"""Problems of a project are reported before anything is built; what belongs to a function gets into its zip."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.aws import imports, package, wheels, zips
from infra.local.deployed.pools import Pools
from infra.local.reload import Watcher
from tests.e2e.clients import project_with

TASK = """
import pricing.rules
from worker_fn import task

@task("price")
def price(ctx, payload):
    return pricing.rules.price()
"""
#: Prints what a process in the project's folder would package: our own files, and distributions.
PACKAGED = """
import json
from infra.aws import package
from infra.local.deployed import pools
closures = package._closures(package.ROOT, pools.read(package.ROOT), "x86_64")
worker = closures["worker.zip"]
print(json.dumps([sorted(package.own_files(package.ROOT, worker)), sorted(worker.distributions)]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, with a package of the user's next to ours."""
    project = project_with(tmp_path / "project", TASK)
    for name in ("infra/local", "requirements"):
        shutil.copytree(package.ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "pricing").mkdir()
    (project / "pricing" / "__init__.py").touch()
    (project / "pricing" / "rules.py").write_text("import yaml\n\ndef price():\n    return 1\n")
    (project / "pricing" / "prices.json").write_text("{}")
    return project


def packaged(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PACKAGED], cwd=project, env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_problems_of_a_project_are_reported(project: Path) -> None:
    tasks = project / "worker_fn" / "tasks"
    (tasks / "mail.py").write_text("import os\nHOST = os.environ['NO_SUCH_HOST']\n")
    (tasks / "ends.py").write_text("import os\nos._exit(0)\n")
    (tasks / "media").mkdir()
    (tasks / "media" / "resize.py").touch()
    with (project / "app.py").open("a") as app:
        app.write("\n@app.on_sns_message(topic='orders')\ndef ordered(event):\n    pass\n")
    with pytest.raises(package.PackagingError, match="This cannot be deployed") as raised:
        package.build(project, project / "build")
    found = str(raised.value).splitlines()[1:]
    assert [each.partition(":")[0] for each in found] == [
        "- @app.on_sns_message ordered",
        "- tasks of worker_fn.tasks.ends are missing",
        "- tasks of worker_fn.tasks.mail are missing",
        "- worker_fn/tasks/media has no __init__.py, so it is not packaged",
    ]
    assert "KeyError: 'NO_SUCH_HOST' (line 2 of worker_fn/tasks/mail.py)" in found[2]


def test_packages_beside_ours_are_watched_and_packaged(project: Path) -> None:
    watcher = Watcher(project)
    (project / "pricing" / "rules.py").write_text("import yaml\n\ndef price():\n    return 2\n\n")
    assert watcher.changes() == ["pricing/rules.py"]
    files, distributions = json.loads(packaged(project).stdout)
    assert {"pricing/__init__.py", "pricing/rules.py", "pricing/prices.json"} <= set(files)
    assert "pyyaml" in distributions


@pytest.mark.parametrize(
    ("module", "hint"),
    [
        ("loose", "loose is imported, but is no package: make it a folder with an __init__.py"),
        ("infra", "infra is imported, but functions do not get it: move what they need into worker_fn"),
        ("nowhere", "no installed distribution provides it: add it to requirements/runtime.in"),
    ],
)
def test_code_that_no_function_gets_is_refused_with_where_it_belongs(
    module: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loose.py").touch()
    (tmp_path / "infra").mkdir()
    monkeypatch.setattr(imports, "PROJECT", tmp_path)
    with pytest.raises(imports.UnknownImportError, match=hint):
        imports._providers([module])


def test_what_is_required_but_not_imported_goes_to_the_worker(project: Path) -> None:
    with (project / "requirements" / "runtime.in").open("a") as listed:
        listed.write("pyyaml\n")
    closures = package._closures(project, Pools(), "x86_64")
    assert "pyyaml" in closures["worker.zip"].distributions
    assert not any("pyyaml" in closures[name].distributions for name in ("api.zip", "websocket.zip"))


def test_programs_stay_executable_and_installed_scripts_stay_out(tmp_path: Path) -> None:
    tool = tmp_path / "tools" / "convert"
    tool.parent.mkdir()
    tool.write_bytes(b"\x7fELF")
    tool.chmod(0o755)
    (tmp_path / "tools" / "words").write_bytes(b"a")
    files = {name: (tmp_path / name).read_bytes() for name in ("tools/convert", "tools/words")}
    zips.write(tmp_path / "some.zip", files, zips.executables([tmp_path / "nowhere", tmp_path], files))
    with zipfile.ZipFile(tmp_path / "some.zip") as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
    assert modes == {"tools/convert": 0o755, "tools/words": 0o644}
    assert wheels.is_used(Path("ffmpeg/bin/ffmpeg")) and wheels.is_used(Path("bin/tool"))
    assert wheels.is_script("bin/tool", b"#!/usr/bin/python") and not wheels.is_script("bin/tool", b"\x7fELF")
    assert not wheels.is_script("package/bin/tool.sh", b"#!/bin/sh")
