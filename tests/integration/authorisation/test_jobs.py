"""Who reaches jobs and the dead-letter queue."""

from __future__ import annotations

import pytest

from tests.api_client import Answer, Api
from tests.authorisation import (
    CHANGE_IN_OWN,
    CHANGE_JOB,
    READ_JOB,
    Row,
    acting,
    changed,
    counted,
    scoped,
    shown,
    table,
    to,
)
from tests.scenes import Scene

pytestmark = pytest.mark.integration


def call_back(scene: Scene) -> Answer:
    """Use the callback URL of the target's job, which is all that it takes."""
    token = scene.api.container.callbacks.token(scene.job.id, "go", 1, "")
    return scene.call("POST", f"/callbacks/{token}", {})


ROWS = [
    # --- jobs
    Row("create_job", to("POST", "/job/create", {"name": "New"}), CHANGE_IN_OWN, changed),
    Row("create_jobs", to("POST", "/job/bulk", {"jobs": [{"name": "New"}]}), CHANGE_IN_OWN, changed),
    *scoped("list_jobs", "GET", "/job", shown),
    *scoped("list_jobs", "GET", "/job", shown, query={"trace": "trace"}),
    *scoped("job_stats", "GET", "/job/stats", counted("stats", "total"), twice=True),
    Row("get_job", to("GET", "/job/{job}"), READ_JOB),
    Row("list_attempts", to("GET", "/job/{job}/attempts"), READ_JOB),
    Row("list_logs", to("GET", "/job/{job}/logs"), READ_JOB),
    Row("list_steps", to("GET", "/job/{job}/steps"), READ_JOB),
    Row("send_event", to("POST", "/job/{job}/events/go", {}), CHANGE_JOB, changed),
    Row("call_back", call_back, table("yes", "yes", "yes", "yes", "yes"), changed),
    Row("cancel_job", to("POST", "/job/{job}/cancel"), CHANGE_JOB, changed),
    Row("retry_job", to("POST", "/job/{job}/retry", {}), CHANGE_JOB, changed, "dead"),
    Row("replay_job", to("POST", "/job/{job}/replay", {}), CHANGE_JOB, changed, "completed"),
    Row("delete_job", to("DELETE", "/job/{job}"), CHANGE_JOB, changed, "completed"),
    *acting("act_on_jobs", "/job/actions", {"action": "cancel"}, "waiting"),
    *scoped("list_jobs", "GET", "/job", counted("examined"), query={"payload": "absent=null"}, twice=True),
    *scoped("compare_payloads", "GET", "/job/payloads", counted("examined"), twice=True),
    *scoped("export_jobs", "GET", "/job/export", shown, {"format": "csv"}),
    # --- the dead-letter queue
    *scoped("list_dlq", "GET", "/dlq", shown, make="dead"),
    *scoped("list_dlq", "GET", "/dlq", shown, query={"group": "{group}"}, make="dead"),
    *scoped("list_dlq_groups", "GET", "/dlq/groups", shown, make="dead"),
    *scoped("compare_dead_payloads", "GET", "/dlq/payloads", counted("examined"), make="dead", twice=True),
    Row("redrive_job", to("POST", "/dlq/{job}/redrive", {}), CHANGE_JOB, changed, "dead"),
    *acting("redrive_jobs", "/dlq/redrive", {}, "dead"),
    Row("redrive_jobs", to("POST", "/dlq/redrive", {"group": "{group}"}), CHANGE_IN_OWN, changed, "dead", "by group"),
    *acting("delete_dead_jobs", "/dlq/delete", {}, "dead"),
    *scoped("list_jobs", "GET", "/job", shown, query={"status": "dlq", "count": "true"}, make="dead"),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
