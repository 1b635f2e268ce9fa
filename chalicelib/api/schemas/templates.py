"""Jobs that a schedule or a batch makes later."""

from __future__ import annotations

from typing import Any, Final

import orjson
from pydantic import Field

from chalicelib.api.call import Input
from chalicelib.api.schemas.fields import Priority, QueueName, Retries, Tag, TaskName, TimeoutS
from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import DEFAULT_PRIORITY, DEFAULT_TASK, MAX_DOCUMENT_BYTES, MAX_TAGS
from chalicelib.errors import TooLarge

_PLAIN: Final = ("task", "queue", "priority", "max_retries", "timeout_s")


class TemplateIn(Input):
    """What such a job is, besides its name."""

    task: TaskName = DEFAULT_TASK
    payload: dict[str, Any] = Field(default_factory=dict, description="Input of the task; GET /tasks has its schema.")
    queue: QueueName | None = None
    priority: Priority = Field(DEFAULT_PRIORITY, description="9 is served first.")
    max_retries: Retries | None = None
    timeout_s: TimeoutS | None = None
    tags: list[Tag] = Field(default_factory=list, max_length=MAX_TAGS)

    def template(self, name: str) -> JobTemplate:
        """Return the job as services take it. Raises ``TooLarge``."""
        payload = orjson.dumps(self.payload)
        if len(payload) > MAX_DOCUMENT_BYTES:
            raise TooLarge(f"A payload may have at most {MAX_DOCUMENT_BYTES} bytes of JSON")
        return JobTemplate(
            name=name,
            payload=payload.decode(),
            tags=tuple(dict.fromkeys(self.tags)),
            **{each: getattr(self, each) for each in _PLAIN},
        )
