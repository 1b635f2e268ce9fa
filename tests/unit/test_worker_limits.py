"""Declaring limits of tasks."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from worker_fn import Limit
from worker_fn.registration.registry import Registry, TaskDefinitionError

STRIPE = Limit("stripe", concurrency=10, rate="100/s")
EIGHT = [Limit(f"l{n}", concurrency=1) for n in range(8)]


class Mail(BaseModel):
    account_id: str


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")


def declare(limits: Any, *, registry: Registry | None = None, name: str = "send", model: Any = Mail) -> Registry:
    registry = registry or Registry()

    def send(ctx: Any, payload: Any) -> None:
        pass

    send.__annotations__["payload"] = model
    send.__qualname__ = name
    registry.task(name, limits=limits)(send)
    return registry


def fault(limits: Any, **options: Any) -> str:
    with pytest.raises(TaskDefinitionError) as raised:
        declare(limits, **options)
    return str(raised.value)


def test_a_task_keeps_its_limits() -> None:
    account = Limit("account", per="payload.account_id", concurrency=1, rate="30/min", burst=5, total=50)
    assert declare([STRIPE, account]).tasks["send"].spec.limits == (STRIPE, account)
    declare(EIGHT)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit("stripe"), "limit 'stripe': it needs concurrency, rate or both"),
        (Limit("a:b", concurrency=1), "its name must fit"),
        (Limit("x" * 65, concurrency=1), "at most 64 characters"),
        (Limit(7, concurrency=1), "its name must fit"),  # type: ignore[arg-type]
        (Limit("s", concurrency=0), "concurrency must be a whole number from 1"),
        (Limit("s", concurrency=True), "concurrency must be a whole number from 1"),
        (Limit("s", rate="100"), "such as 100/s, 30/min or 5/h"),
        (Limit("s", rate=100), "rate must be text such as"),  # type: ignore[arg-type]
        (Limit("s", concurrency=1, burst=5), "burst needs a rate"),
        (Limit("s", concurrency=1, total=5), "total bounds all keys together, so it needs per"),
        (Limit("s", concurrency=1, per="account"), "per must be payload.<path>, tenant, user, queue or task"),
        (Limit("s", concurrency=1, per="payload"), "per must be payload.<path>"),
        (Limit("s", concurrency=1, per="payload..x"), "per must be payload.<path>"),
        (Limit("s", concurrency=1, per="payload.acount_id"), "the payload has no field 'acount_id'"),
        (Limit("s", concurrency=1, shared="yes"), "shared must be True or False"),  # type: ignore[arg-type]
        ("stripe", "must be a list of Limit"),
    ],
)
def test_limits_that_no_task_can_have(limit: Any, words: str) -> None:
    assert words in fault([limit])
    assert "Task 'send'" in fault([limit])


def test_what_a_list_of_limits_must_be() -> None:
    assert "list of Limit" in fault(STRIPE)
    assert "two limits named 'stripe'" in fault([STRIPE, STRIPE])
    assert "at most 8 limits" in fault([*EIGHT[1:], Limit("t", per="user", concurrency=1, total=5)])


def test_a_payload_that_may_have_any_field() -> None:
    limit = Limit("s", concurrency=1, per="payload.anything")
    declare([limit], model=Open)
    declare([limit], model=dict[str, Any])


def test_one_name_is_one_definition() -> None:
    registry = declare([STRIPE])
    declare([Limit("stripe", concurrency=10, rate="100/s")], registry=registry, name="other")
    words = fault([Limit("stripe", concurrency=11, rate="100/s")], registry=registry, name="third")
    assert "limit 'stripe' is defined otherwise by the task" in words
    assert "third" not in registry.tasks
