"""Payloads and results over 64 KB through the whole stack, and through its restart."""

from __future__ import annotations

from pathlib import Path

import pytest
import urllib3

from infra.local.testing import LocalStack
from tests.e2e.clients import Api, project_with
from tests.e2e.test_pools import ended

pytestmark = pytest.mark.e2e

TASKS = """
from worker_fn import task

@task("twice", retries=0)
async def twice(ctx, payload):
    return {"rows": payload["rows"] * 2}
"""
#: About 400 KB, and twice that as the result.
ROWS = [f"row {n:06}" for n in range(30_000)]


def test_they_are_kept_read_and_linked_and_outlive_the_stack(tmp_path: Path) -> None:
    project = project_with(tmp_path / "project", TASKS)
    with LocalStack(project=project, home=tmp_path / "home") as stack:
        api = Api.signed_up(stack)
        body = {"name": "large", "task": "twice", "payload": {"rows": ROWS}}
        status, answer = api.call("POST", "/job/create", body)
        assert status == 201, answer
        job_id = answer["job"]["_id"]
        job = ended(api, job_id)
        assert (job["status"], job["payload"]) == ("completed", {"rows": ROWS}), job["error"]
        stack.stop()
        stack.start()
        _, answer = api.call("GET", f"/job/{job_id}")
        job = answer["job"]
        assert job["payload"] == {"rows": ROWS}
        assert (job["result"], job["resultTruncated"]) == (None, True)
        linked = urllib3.request("GET", job["resultUrl"], timeout=20)
        assert linked.json() == {"rows": ROWS * 2}
