"""Invoices, which a shop orders and learns of by a webhook."""

from pydantic import BaseModel, Field
from queuecraft import TaskContext, task


class Order(BaseModel):
    """An order of the shop."""

    order: str
    cents: int = Field(gt=0)


@task("invoice", retries=3, timeout_s=60)
def invoice(ctx: TaskContext, payload: Order) -> dict[str, str]:
    """Write the invoice of an order."""
    return {"invoice": f"Order {payload.order}: {payload.cents / 100:.2f} €"}
