"""Calls generated from the OpenAPI document, against a running stack: no 500, no undeclared response."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pymongo
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infra.local.testing import LocalStack
from tests.e2e.clients import Api

pytestmark = pytest.mark.e2e

ENV = {
    "RATE_LIMIT_MAX_REQUESTS": "0",
    "MAX_ACTIVE_JOBS_PER_USER": "0",
    "SIGN_UPS_PER_HOUR": "0",
    "SIMULATED_JOB_S": "0.01",
    "RETRY_BACKOFF_BASE_S": "0.1",
}
#: Calls per operation, kind of data and role.
EXAMPLES = 8 if os.environ.get("QUEUECRAFT_TESTS") == "all" else 3
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Would end the session that the other calls use.
ENDS_SESSION = "log_out"


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    with LocalStack(env=ENV) as running:
        yield running


def operator(stack: LocalStack) -> Api:
    """A user who is an operator."""
    api = signed_up(stack)
    _, me = api.call("GET", "/me")
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(stack.mongodb_uri)
    client["queuecraft"]["users"].update_one({"email": me["user"]["email"]}, {"$set": {"role": "operator"}})
    client.close()
    return api


def signed_up(stack: LocalStack) -> Api:
    """A user who has a few jobs, so that lists are not empty."""
    api = Api.signed_up(stack)
    for n in range(3):
        api.create(f"job {n}", tags=["made-up"])
    api.create("will fail", max_retries=0)
    return api


def explore(stack: LocalStack, api: Api) -> list[str]:
    """Call each operation with generated data, valid and invalid; return the responses that were not declared."""
    schema = schemathesis.openapi.from_url(f"{stack.api_url}/openapi.json").exclude(operation_id=ENDS_SESSION)
    headers = {"Authorization": f"Bearer {api.token}"}
    problems = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        for mode in GenerationMode:

            @bounded
            @given(case=operation.as_strategy(generation_mode=mode))
            def call(case: Any) -> None:
                case.call_and_validate(base_url=stack.api_url, headers=headers, checks=CHECKS, timeout=30)

            try:
                call()
            except Unsatisfiable:
                continue  # it takes no data
            except (FailureGroup, BaseExceptionGroup) as problem:
                problems.append(f"{operation.label}: {problem} {problem.exceptions}")
    return problems


bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


def test_as_admin(stack: LocalStack) -> None:
    assert explore(stack, signed_up(stack)) == []


def test_as_operator(stack: LocalStack) -> None:
    assert explore(stack, operator(stack)) == []


def test_logging_out(stack: LocalStack) -> None:
    api = Api.signed_up(stack)
    headers = {"Authorization": f"Bearer {api.token}"}
    assert requests.post(f"{stack.api_url}/logout", headers=headers, timeout=30).status_code == 200
    assert requests.post(f"{stack.api_url}/logout", headers=headers, timeout=30).status_code == 401
