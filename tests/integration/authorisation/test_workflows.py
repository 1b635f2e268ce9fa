"""Who reaches batches and workflows."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.authorisation import CHANGE_IN_OWN, CHANGE_JOB, READ_JOB, Row, answered, changed, scoped, shown, to

pytestmark = pytest.mark.integration

ROWS = [
    # --- batches
    Row(
        "create_batch",
        to("POST", "/batches", {"name": "A batch", "jobs": [{"name": "A job"}]}),
        CHANGE_IN_OWN,
        changed,
    ),
    *scoped("list_batches", "GET", "/batches", shown),
    Row("get_batch", to("GET", "/batches/{batch}"), READ_JOB, shown),
    Row("cancel_batch", to("POST", "/batches/{batch}/cancel"), CHANGE_JOB, changed),
    # --- workflows
    Row(
        "create_workflow",
        to("POST", "/workflows", {"name": "A workflow", "nodes": [{"id": "a"}]}),
        CHANGE_IN_OWN,
        changed,
    ),
    *scoped("list_workflows", "GET", "/workflows", shown),
    Row("get_workflow", to("GET", "/workflows/{workflow}"), READ_JOB, shown),
    Row("cancel_workflow", to("POST", "/workflows/{workflow}/cancel"), CHANGE_JOB, changed),
    Row("retry_workflow", to("POST", "/workflows/{ended}/retry", {}), CHANGE_JOB, answered),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
