"""The page of the first job, done as it says: its files, its commands, its output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.testing import ROOT, LocalStack
from tests.e2e.clients import Api, project_with
from tests.support import wait_until

pytestmark = pytest.mark.e2e
PAGE = (ROOT / "docs" / "first-job.md").read_text()


def test_the_first_job(tmp_path: Path) -> None:
    task, first, mending = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (sign_up,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    project = project_with(tmp_path / "project", "")
    file = project / "worker_fn" / "tasks" / "greet.py"
    with LocalStack(project=project, home=tmp_path / "home", reload=True) as stack:
        environ = {**os.environ, "API": stack.api_url, "PYTHONPATH": str(ROOT / "clients" / "python" / "src")}

        def printed(script: str) -> str:
            command = [sys.executable, "-c", script]
            return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=True).stdout

        other = Api.signed_up(stack)

        def known() -> bool:
            return any(each["name"] == "greet" for each in other.call("GET", "/tasks")[1]["tasks"])

        file.write_text(task)
        wait_until(known, 60, "the task is in the catalogue")
        subprocess.run(["bash", "-ec", sign_up], env=environ, timeout=60, check=True, capture_output=True)
        assert f"It prints\n\n```\n{printed(first)}```" in PAGE

        workers = set(stack.lambda_pids("Worker"))
        file.write_text(re.sub(r"    if payload.name.*?\n        raise.*?\n", "", task))
        wait_until(lambda: not workers & set(stack.lambda_pids("Worker")), 60, "the workers are reloaded")
        assert f"It prints `{printed(mending).strip()}`" in PAGE
