"""The distribution: its wheel has what a project needs, and works from a fresh virtual environment elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chalicelib import VERSION
from infra.local.children import free_port
from infra.local.deployed import project as projects
from tests.support import wait_until

ROOT = projects.PACKAGE
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
#: What the build reads.
SOURCES = (*projects.NAMES, ".chalice", "requirements", "app.py", "pyproject.toml", "README.md", "LICENSE")

#: Runs a job by the client, as a person does.
SUBMIT = """
import sys
from queuecraft_client import Client

url, account = f"http://127.0.0.1:{sys.argv[1]}", {"email": "ada@example.com", "password": "correct horse battery"}
import httpx2

httpx2.post(f"{url}/user/create", json={"username": "ada", **account}).raise_for_status()
client = Client(url, **account)
print(client.wait(client.jobs.submit("greet", {"who": "wheel"})).result["text"])
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheels that `make wheel` builds; with a page for a dashboard that is not built."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheels")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True)
        else:
            shutil.copy(ROOT / name, copy / name)
    if (ROOT / "frontend" / "dist" / "index.html").exists():
        shutil.copytree(ROOT / "frontend" / "dist", copy / "frontend" / "dist")
    else:
        (copy / "frontend" / "dist").mkdir(parents=True)
        (copy / "frontend" / "dist" / "index.html").write_text("<!doctype html>")
    for source in (copy, ROOT / "clients" / "python"):
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
        subprocess.run(build, cwd=source, check=True, capture_output=True, timeout=120)
    return out


def test_the_wheel_has_all_that_a_project_needs(wheels: Path) -> None:
    with zipfile.ZipFile(wheels / f"queuecraft-{VERSION}-py3-none-any.whl") as archive:
        names = set(archive.namelist())
        app = archive.read("queuecraft/app.py")
        listed = archive.read(f"queuecraft-{VERSION}.dist-info/entry_points.txt").decode()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == set(projects.NAMES)
    assert {
        "infra/aws/template.yaml", "infra/packed/chalice/config.json", "infra/packed/chalice/policy.json",
        "infra/packed/dashboard/index.html", "infra/packed/runtime.in", "infra/skeleton/queuecraft.toml",
        "infra/skeleton/dot-gitignore", "chalicelib/queue/lua/claim.lua", "chalicelib/services/common_passwords.txt",
        "worker_fn/tasks/operations.py",
    } <= names  # fmt: skip
    for path in (ROOT / "chalicelib").rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            assert path.relative_to(ROOT).as_posix() in names
    assert app == (ROOT / "app.py").read_bytes()
    assert not any(
        name.startswith(("infra/docs/", "infra/docker/")) or name.endswith((".pyc", ".mk")) for name in names
    )
    assert "project = infra.cli:add_to" in listed and "queuecraft = queuecraft_testing.plugin" in listed


@pytest.mark.skipif(not LONG, reason="installs everything, a minute: QUEUECRAFT_TESTS=all")
def test_a_project_works_on_a_fresh_machine(wheels: Path, tmp_path: Path) -> None:
    """Install, init, test, package, up, status, down, in a folder outside the repository."""
    venv = tmp_path / "venv"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(venv)], check=True, timeout=120)
    python = str(venv / "bin" / "python")
    wanted = ["queuecraft", "markdown"]
    install = [*uv, "pip", "install", "--quiet", "--python", python, "--find-links", str(wheels), *wanted]
    subprocess.run(install, check=True, timeout=600, cwd=tmp_path)
    hidden = ("PYTHON", "PYTEST", "COV_", "COVERAGE")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    environ |= {"QUEUECRAFT_CONFIG": str(tmp_path / "config.toml"), "PATH": f"{venv / 'bin'}:{os.environ['PATH']}"}

    def queuecraft(*words: str, where: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        command = [str(venv / "bin" / "queuecraft"), *words]
        return subprocess.run(command, cwd=where, env=environ, capture_output=True, text=True, check=False, timeout=600)

    shown = queuecraft("--help")
    assert shown.returncode == 0, shown.stderr
    assert re.findall(r"^  (init|up|test|deploy|jobs)\b", shown.stdout, re.MULTILINE) == [
        "init", "up", "test", "deploy", "jobs",
    ]  # fmt: skip
    assert queuecraft("init", "shop").returncode == 0
    shop = tmp_path / "shop"
    tested = queuecraft("test", where=shop)
    assert "1 passed" in tested.stdout, tested.stdout + tested.stderr
    built = queuecraft("package", where=shop)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(shop / "build" / "aws" / "worker.zip") as archive:
        assert {"tasks/greet.py", "worker_fn/handler.py", "queuecraft/secrets.py"} <= set(archive.namelist())
    environ |= {name: str(free_port()) for name in ("PORT", "WS_PORT", "AWS_PORT", "UI_PORT")}
    with (tmp_path / "up.log").open("w") as log:
        up = subprocess.Popen([str(venv / "bin" / "queuecraft"), "up"], cwd=shop, env=environ, stdout=log, stderr=log)
        try:
            wait_until(lambda: "QueueCraft is ready" in (tmp_path / "up.log").read_text(), 90, "the stack is ready")
            assert queuecraft("status", where=shop).stdout.startswith("shop-local")
            endpoint = f"http://127.0.0.1:{environ['AWS_PORT']}"
            environ |= {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
            deployed = queuecraft("deploy", "--package", "build/aws", where=shop)
            assert deployed.returncode == 0, deployed.stdout + deployed.stderr
            assert re.search(r"^Stack shop-local-\d+: deployed$", deployed.stdout, re.MULTILINE)
            again = queuecraft("deploy", "--package", "build/aws", "--plan", "LogLevel=DEBUG", where=shop)
            assert "LogLevel: INFO -> DEBUG" in again.stdout, again.stdout + again.stderr
            submitted = subprocess.run(
                [python, "-c", SUBMIT, environ["PORT"]], capture_output=True, text=True, check=True
            )
            assert submitted.stdout == "Hello, wheel!\n"
            assert queuecraft("down", where=shop).stdout == "Stopped.\n"
            assert up.wait(timeout=30) == 0
        finally:
            up.kill()
