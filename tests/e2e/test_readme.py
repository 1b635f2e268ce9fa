"""The README's commands, run by a shell as they are written, and its task."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from infra.local.testing import ROOT, LocalStack
from tests.e2e.clients import Api, project_with
from tests.support import wait_until

pytestmark = pytest.mark.e2e

README = (ROOT / "README.md").read_text()


def _block(heading: str, language: str, number: int = 0) -> str:
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    block: str = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)[number]
    return block


def _run(script: str) -> list[str]:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return [line for line in re.split(r"(?<=\})(?=\{)|\n", done.stdout) if line]


def test_first_job_by_curl_and_a_task_of_ones_own(tmp_path: Path) -> None:
    project = project_with(tmp_path, _block("Writing a task", "python"))
    env = {"SIMULATED_JOB_S": "0.5", "RETRY_BACKOFF_BASE_S": "0.1"}
    with LocalStack(env=env, project=project) as stack:
        first = _block("Your first job", "sh").replace("http://localhost:2000", stack.api_url)
        token = 'echo "{\\"jwt\\":\\"$JWT\\"}"'
        user, hello, failing, jobs, stats, dlq, session = map(json.loads, _run(f"{first}\n{token}"))

        assert user["username"] == "ada"
        assert hello["job"]["status"] == failing["job"]["status"] == "pending"
        assert {job["_id"] for job in jobs["jobs"]} == {hello["job"]["_id"], failing["job"]["_id"]}
        assert stats["stats"]["total"] == 2
        assert dlq["success"] is True

        api = Api(stack, session["jwt"])
        wait_until(lambda: api.job(hello["job"]["_id"])["status"] == "completed", 20)
        wait_until(lambda: api.job(failing["job"]["_id"])["status"] == "dlq", 30)
        assert [a["number"] for a in api.job(failing["job"]["_id"])["attempts"]] == [1, 2, 3, 4]

        submit = _block("Writing a task", "sh").replace("$API", stack.api_url).replace("$JWT", api.token)
        (made,) = map(json.loads, _run(submit))
        wait_until(lambda: api.job(made["job"]["_id"])["status"] == "completed", 20)
        assert api.job(made["job"]["_id"])["result"] == {"width": 640}
