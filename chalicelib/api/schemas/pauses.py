"""Models of the routes of pauses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, model_validator

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import Id
from chalicelib.domain.jobs import iso
from chalicelib.domain.pauses import Pause, TaskPause
from chalicelib.domain.principals import Scope


class PauseTask(Input):
    """For whom a task is paused: one tenant, which only an operator may name, or all."""

    tenant: Id | None = None
    scope: Literal[Scope.TENANT, Scope.ALL] = Field(Scope.TENANT, description="`all`: all tenants, for operators.")

    @model_validator(mode="after")
    def _one(self) -> PauseTask:
        if self.scope is Scope.ALL and self.tenant is not None:
            raise ValueError("Input should not name a tenant with the scope all")
        return self


class PauseOut(Output):
    """Since when something is paused, and by whom."""

    by: str
    at: str


class TaskPauseOut(PauseOut):
    """The pause of a task, in the tenant or in all."""

    name: str
    every_tenant: bool = Field(alias="everyTenant")


class PausesAnswer(Output):
    """The pauses that hold for all queues of a tenant, null is none; and those of tasks, by name."""

    success: Literal[True] = True
    tenant: PauseOut | None
    everything: PauseOut | None
    tasks: list[TaskPauseOut]

    @classmethod
    def of(cls, tenant: Pause | None, everything: Pause | None, tasks: Sequence[TaskPause]) -> PausesAnswer:
        """Return the answer."""
        return cls(tenant=_pause(tenant), everything=_pause(everything), tasks=[_task(each) for each in tasks])


class PauseChangedAnswer(Output):
    """Whether it is paused after this call, and whether the call changed it."""

    success: Literal[True] = True
    paused: bool
    changed: bool


def _pause(pause: Pause | None) -> PauseOut | None:
    return None if pause is None else PauseOut(by=pause.by, at=iso(pause.at))


def _task(each: TaskPause) -> TaskPauseOut:
    return TaskPauseOut.model_validate(
        {"name": each.task, "everyTenant": each.every_tenant, "by": each.pause.by, "at": iso(each.pause.at)}
    )
