"""What the API answers: frozen dataclasses that tolerate fields of newer servers."""

from queuecraft_client.models._model import Model
from queuecraft_client.models.alerts import Alert, Firing, Reading
from queuecraft_client.models.batches import Batch, BatchStatus
from queuecraft_client.models.comments import Comment
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
from queuecraft_client.models.pauses import Pause, Pauses, TaskPause
from queuecraft_client.models.queues import Bounds, Limit, LimitDetail, LimitKey, Queue
from queuecraft_client.models.schedules import Preview, Run, Schedule, ScheduleDetail, ScheduleState
from queuecraft_client.models.steps import JobEvent, StepRecord, StreamEvent
from queuecraft_client.models.webhooks import Delivery, DeliveryAttempt, NewSecret, Webhook
from queuecraft_client.models.workflows import Edge, NodeState, WorkflowDetail, WorkflowStatus, WorkflowSummary

__all__ = [
    "Action",
    "Alert",
    "Attempt",
    "Batch",
    "BatchStatus",
    "Block",
    "Bounds",
    "Comment",
    "Delivery",
    "DeliveryAttempt",
    "DlqGroup",
    "Edge",
    "Firing",
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
    "NewSecret",
    "NodeState",
    "Operation",
    "Part",
    "Pause",
    "Pauses",
    "Preview",
    "Progress",
    "Queue",
    "Reading",
    "Refused",
    "Related",
    "Run",
    "Schedule",
    "ScheduleDetail",
    "ScheduleState",
    "StepRecord",
    "StreamEvent",
    "SubmittedJobs",
    "TaskPause",
    "Webhook",
    "WorkflowDetail",
    "WorkflowStatus",
    "WorkflowSummary",
]
