"""A report on the sales of all shops: each night, a workflow."""

import os
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel
from queuecraft import Cron, DoNotRetry, TaskContext, secret, task
from queuecraft_client import ITEM, Client, Workflow

#: What the shops' own systems would tell: sales of a day, in cents.
SALES = {"Berlin": [1999, 500], "Lisbon": [12_050], "Oslo": []}


class Day(BaseModel):
    """The day that a job is about."""

    day: date


class ShopDay(Day):
    """A day of one shop."""

    shop: str


class Totals(Day):
    """What the jobs of the shops returned."""

    totals: list[dict[str, Any]]


def workflow_of(day: date) -> Workflow:
    """Return the graph: a job for each shop, a report of all, and an alarm if a shop failed."""
    about = {"day": day.isoformat()}
    flow = Workflow(f"sales of {day}")
    shops = flow.node("shops", "list_shops", about)
    sales = flow.node("sales", "count_sales", {**about, "shop": ITEM}, map=shops.result["shops"])
    flow.node("report", "write_report", {**about, "totals": sales.results})
    flow.node("alarm", "raise_alarm", about, needs=[sales], run_if="any_failed")
    return flow


@task("nightly", retries=5, schedule=Cron("30 2 * * *", tz="Europe/Berlin"))
def nightly(ctx: TaskContext, payload: dict[str, Any]) -> dict[str, str]:
    """Start the workflow of yesterday. A retry finds the one that was started."""
    day = ctx.now().date() - timedelta(days=1)
    with Client(os.environ["API_URL"], token=secret("QUEUECRAFT_KEY")) as client:
        started = client.workflows.submit(workflow_of(day), idempotency_key=f"sales-{day}")
    return {"workflow": started.id}


@task("list_shops")
def list_shops(ctx: TaskContext, payload: Day) -> dict[str, list[str]]:
    """Return the shops that were open on a day."""
    return {"shops": sorted(SALES)}


@task("count_sales", retries=3)
def count_sales(ctx: TaskContext, payload: ShopDay) -> dict[str, Any]:
    """Add up the sales of a shop."""
    if payload.shop not in SALES:
        raise DoNotRetry(f"there is no shop {payload.shop}")
    return {"shop": payload.shop, "cents": sum(SALES[payload.shop])}


@task("write_report")
def write_report(ctx: TaskContext, payload: Totals) -> dict[str, str]:
    """Write the report."""
    lines = [f"{each['shop']}: {each['cents'] / 100:.2f} €" for each in payload.totals]
    return {"text": "\n".join([f"Sales of {payload.day}", *lines])}


@task("raise_alarm")
def raise_alarm(ctx: TaskContext, payload: Day) -> None:
    """Say that there is no report."""
    ctx.log(f"no report of {payload.day}", level="error")
