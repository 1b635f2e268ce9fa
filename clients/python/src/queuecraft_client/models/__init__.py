"""What the API answers: frozen dataclasses that tolerate fields of newer servers."""

from queuecraft_client.models._model import Model
from queuecraft_client.models.batches import Batch, BatchStatus
from queuecraft_client.models.jobs import (
    Action,
    Attempt,
    Block,
    DlqGroup,
    Job,
    JobDetail,
    JobError,
    JobStats,
    JobStatus,
    LogLine,
    Part,
    Progress,
    Refused,
    Related,
    SubmittedJobs,
)
from queuecraft_client.models.operations import Matched, MergedPayload, Operation
from queuecraft_client.models.queues import Bounds, Limit, LimitDetail, LimitKey, Queue
from queuecraft_client.models.schedules import Preview, Run, Schedule, ScheduleDetail, ScheduleState
from queuecraft_client.models.steps import JobEvent, StepRecord, StreamEvent
from queuecraft_client.models.workflows import Edge, NodeState, WorkflowDetail, WorkflowStatus, WorkflowSummary

__all__ = [
    "Action",
    "Attempt",
    "Batch",
    "BatchStatus",
    "Block",
    "Bounds",
    "DlqGroup",
    "Edge",
    "Job",
    "JobDetail",
    "JobError",
    "JobEvent",
    "JobStats",
    "JobStatus",
    "Limit",
    "LimitDetail",
    "LimitKey",
    "LogLine",
    "Matched",
    "MergedPayload",
    "Model",
    "NodeState",
    "Operation",
    "Part",
    "Preview",
    "Progress",
    "Queue",
    "Refused",
    "Related",
    "Run",
    "Schedule",
    "ScheduleDetail",
    "ScheduleState",
    "StepRecord",
    "StreamEvent",
    "SubmittedJobs",
    "WorkflowDetail",
    "WorkflowStatus",
    "WorkflowSummary",
]
