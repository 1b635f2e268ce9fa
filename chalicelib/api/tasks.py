"""The catalogue of tasks."""

from __future__ import annotations

from typing import Any

from chalicelib.api.call import Call
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.workers import TasksAnswer, task_body
from chalicelib.domain.principals import KeyScope

routes = Routes(__name__, tag="Tasks")


@routes.get("/tasks", answer=TasksAnswer, scope=KeyScope.JOBS_READ)
def list_tasks(call: Call) -> dict[str, Any]:
    """List the tasks that workers can run, with the JSON schemas of their payloads."""
    tasks = call.container.catalogue.all()
    return {"success": True, "tasks": [task_body(task) for task in tasks if not task.reserved]}
