"""The README's first job and its task, as they are written."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.testing import ROOT, LocalStack
from tests.e2e.clients import Api, project_with
from tests.support import wait_until

pytestmark = pytest.mark.e2e

README = (ROOT / "README.md").read_text()
CLIENT = ROOT / "clients" / "python" / "src"


def _block(heading: str, language: str) -> str:
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    block: str = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)[0]
    return block


def _run(*command: str) -> str:
    env = {"PYTHONPATH": str(CLIENT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_first_job_and_a_task_of_ones_own(tmp_path: Path) -> None:
    project = project_with(tmp_path, _block("Writing a task", "python"))
    env = {"SIMULATED_JOB_S": "0.5", "RETRY_BACKOFF_BASE_S": "0.1"}
    with LocalStack(env=env, project=project) as stack:
        sign_up, first = (
            _block("Your first job", language).replace("http://localhost:2000", stack.api_url)
            for language in ("sh", "python")
        )
        install, _, sign_up = sign_up.partition("\n")
        assert install == "pip install ./clients/python"
        _run("bash", "-euo", "pipefail", "-c", sign_up)
        task = re.search(r"`(client\.jobs\.submit\(.*?\))` runs it", README)
        assert task is not None
        result, width = _run(sys.executable, "-c", f"{first}\nprint(client.wait({task[1]}).result)").splitlines()
        assert result.startswith("{'simulated': True")
        assert width == "{'width': 640}"

        api = Api(stack)
        credentials = {"email": "ada@example.com", "password": "correct horse battery"}
        api.token = api.call("POST", "/login", credentials)[1]["jwt"]
        [failing] = [job for job in api.call("GET", "/job")[1]["jobs"] if job["name"] == "this will fail"]
        wait_until(lambda: api.job(failing["_id"])["status"] == "dlq", 30)
        assert [a["number"] for a in api.job(failing["_id"])["attempts"]] == [1, 2, 3, 4]
