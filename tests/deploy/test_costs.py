"""The estimate of costs: the document has what the script prints, and it includes all that the template has."""

import json
import re
from typing import Any

import pytest

from infra.aws import costs, package
from infra.localstack.alarms import FUNCTIONS, functions

DEPLOY = (package.ROOT / "docs" / "deploy.md").read_text()


def test_the_document_has_the_tables_that_the_script_prints() -> None:
    (written,) = re.findall(r"<!-- costs -->\n(.*?)<!-- end of costs -->", DEPLOY, re.DOTALL)
    assert written == costs.tables()
    assert f"{costs.REGION} (x86), looked up on {costs.READ}" in DEPLOY


def test_the_document_prices_schedules() -> None:
    (written,) = re.findall(r"<!-- fires -->\n(.*?)<!-- end of fires -->", DEPLOY, re.DOTALL)
    assert written == costs.fire_table()
    tomorrow, _, minute, second = costs.FIRES
    assert costs.ticker(tomorrow) == costs.runs(tomorrow) == 0
    assert costs.ticker(minute) == pytest.approx(0.125 * 2_592_000 * 0.0000166667 + 4 * 2.592 * 0.0023)
    assert costs.runs(second) > costs.runs(minute) > 0


def test_rows_add_up_as_a_reader_would_add_them() -> None:
    rows = [[cell.strip(" *$") for cell in line.split("|")] for line in costs.tables().splitlines() if "| $" in line]
    rows = [row for row in rows if row[1] in costs.ROWS]
    assert len(rows) == len(costs.ROWS)
    for column, load in enumerate(costs.LOADS, start=2):
        assert sum(float(row[column].replace(",", "")) for row in rows) == pytest.approx(costs.total(load), abs=3)


def test_some_rows_by_hand() -> None:
    none, one, hundred = costs.LOADS
    assert costs.rest(one) == pytest.approx(2.592 * 3.50 + 2.592 * 0.09)
    assert costs.workers(hundred) - costs.workers(none) == pytest.approx(
        4 * 1.7275 * 2_592_000 * 0.0000166667, rel=1e-3
    )
    assert costs.nat(none) == pytest.approx(720 * (0.045 + 0.005))
    assert costs.traces(hundred) == pytest.approx((1 + 99 * 0.05) * 2.592 * 5)
    assert costs.cache(none) == pytest.approx(6.048)


def test_the_estimate_counts_what_the_template_has(template: dict[str, Any]) -> None:
    types = [resource["Type"] for resource in template["Resources"].values()]
    pools = len(functions(template)) - len(FUNCTIONS)
    assert types.count("AWS::CloudWatch::Alarm") == costs.ALARMS + 3 * pools
    assert types.count("AWS::CloudWatch::Dashboard") == types.count("AWS::EC2::NatGateway") == 1
    production = json.loads((package.ROOT / "infra" / "aws" / "parameters" / "prod.json").read_text())
    assert int(production["WorkerMemory"]) == costs.WORKER_GB * 1024
    assert int(production["LogRetentionDays"]) == costs.MONTHS_KEPT * 30


def test_the_estimate_counts_the_metrics_that_are_written(written_metrics: tuple[set[str], set[str]]) -> None:
    names, _ = written_metrics
    assert len(names) + 1 == costs.QUEUE_METRICS, "and the server errors, which the API counts"
