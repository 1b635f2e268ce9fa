from datetime import date
from typing import Any

import pytest
from queuecraft_client import Workflow
from queuecraft_testing import QueueCraft

from tasks import report

DAY = date(2026, 11, 30)


def test_the_report_lists_what_each_shop_sold(qc: QueueCraft) -> None:
    about = {"day": DAY.isoformat()}
    shops = qc.run("list_shops", about)["shops"]
    totals = [qc.run("count_sales", {**about, "shop": shop}) for shop in shops]
    text = qc.run("write_report", {**about, "totals": totals})["text"]
    assert text.splitlines() == ["Sales of 2026-11-30", "Berlin: 24.99 €", "Lisbon: 120.50 €", "Oslo: 0.00 €"]


def test_a_shop_that_is_gone_is_not_tried_again(qc: QueueCraft) -> None:
    job = qc.submit("count_sales", {"day": DAY.isoformat(), "shop": "Rome"})
    qc.drain(advance=True)
    assert (job.status, job.record.attempt) == ("dlq", 1)


def test_the_graph_can_run() -> None:
    nodes = {node["id"]: node for node in report.workflow_of(DAY).to_json()["nodes"]}
    assert nodes["sales"]["map"]["from"] == "shops.result.shops"
    assert nodes["alarm"]["runIf"] == "any_failed"


def test_a_retry_starts_no_second_workflow(qc: QueueCraft, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[Workflow, str]] = []

    class Client:
        def __init__(self, url: str, token: str) -> None:
            self.workflows = self

        def __enter__(self) -> "Client":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def submit(self, flow: Workflow, idempotency_key: str) -> Any:
            sent.append((flow, idempotency_key))
            raise ConnectionError("the answer was lost")

    monkeypatch.setattr(report, "Client", Client)
    monkeypatch.setenv("API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("QUEUECRAFT_KEY", "qc_…")
    qc.submit("nightly", {}, max_retries=1)
    qc.drain(advance=True)
    assert len(sent) == 2
    assert len({key for _, key in sent}) == 1
