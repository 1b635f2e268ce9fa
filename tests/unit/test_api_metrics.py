"""CloudWatch metrics: one EMF line each, and none locally."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.telemetry.metrics import ApiMetrics


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_request_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    ApiMetrics("queuecraft", "prod", enabled=True).request("GET /job/{id}", 409, 3.5)
    [line] = lines(capsys)
    [described] = line["_aws"]["CloudWatchMetrics"]
    assert described["Namespace"] == "QueueCraft"
    assert {metric["Name"] for metric in described["Metrics"]} == {"Requests", "Latency"}
    assert (line["route"], line["stack"], line["service"]) == ("GET /job/{id}", "prod", "queuecraft")
    assert (line["Latency"], line["Requests"]) == ([3.5], [1.0])


def test_an_error_of_ours_is_counted_for_all_routes_together(capsys: pytest.CaptureFixture[str]) -> None:
    ApiMetrics("api", "prod", enabled=True).request("GET /job/{id}", 503, 3.5)
    _, counted = lines(capsys)
    assert counted["ServerErrors"] == [1.0]
    assert counted["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["stack", "service"]]


def test_lines_do_not_leak_into_one_another(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = ApiMetrics("queuecraft", "prod", enabled=True)
    metrics.request("POST /job/create", 429, 1.0)
    metrics.submitted(3)
    metrics.submitted(0)
    refused, submitted = lines(capsys)
    assert refused["Refused"] == [1.0]
    assert submitted["JobsSubmitted"] == [3.0]
    assert "route" not in submitted


def test_nothing_is_written_locally(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = ApiMetrics("queuecraft", "local", enabled=False)
    metrics.request("GET /job", 200, 1.0)
    metrics.submitted(1)
    assert lines(capsys) == []
