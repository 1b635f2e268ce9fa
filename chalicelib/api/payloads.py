"""Payloads of many jobs."""

from __future__ import annotations

from typing import Final

from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.payloads import CompareDead, ComparePayloads, ComparisonAnswer, comparison_answer
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.principals import KeyScope

routes = Routes(__name__, tag="Payloads")
_DEAD: Final = frozenset({JobStatus.DLQ})


@routes.get("/job/payloads", query=ComparePayloads, answer=ComparisonAnswer, scope=KeyScope.JOBS_READ)
def compare_payloads(call: Call[Nothing, ComparePayloads]) -> ComparisonAnswer:
    """Compare the payloads of jobs.

    Says which fields are the same in all of them, and which differ, with their values counted; so it also tells which
    paths `payload` of `GET /job` may name. It reads the newest `sample` jobs that match, at most about 8 MB;
    `examined` says how many these were.
    """
    asked = call.query
    return comparison_answer(call.container.search.compare(call.principal, asked.whose(), asked.filter(), asked.sample))


@routes.get("/dlq/payloads", query=CompareDead, answer=ComparisonAnswer, scope=KeyScope.JOBS_READ)
def compare_dead_payloads(call: Call[Nothing, CompareDead]) -> ComparisonAnswer:
    """Compare the payloads of jobs in the DLQ, such as those of a `group`.

    Works like `GET /job/payloads`, with the filters of `GET /dlq`.
    """
    asked = call.query
    wanted = asked.filter().among(_DEAD)
    return comparison_answer(call.container.search.compare(call.principal, asked.whose(), wanted, asked.sample))
