"""Client of QueueCraft.

>>> with Client("http://localhost:2000", email="ada@example.com", password="…") as client:
...     job = client.jobs.submit("resize", {"url": "https://example.com/cat.png"})
...     print(client.wait(job, timeout=60).result)
"""

from queuecraft_client._reference import Reference
from queuecraft_client._version import __version__
from queuecraft_client.client import AsyncClient, Client
from queuecraft_client.errors import (
    ApiError,
    BadRequest,
    BatchNotCompleted,
    Conflict,
    ConnectionFailed,
    Forbidden,
    InvalidWorkflow,
    JobCancelled,
    JobFailed,
    JobNotCompleted,
    JobSkipped,
    NotCompleted,
    NotFound,
    OperationNotCompleted,
    QueueCraftError,
    RateLimited,
    ServerError,
    TooLarge,
    Unauthorized,
    UnexpectedAnswer,
    WaitTimeout,
    WorkflowNotCompleted,
)
from queuecraft_client.models import (
    Batch,
    BatchStatus,
    Job,
    JobDetail,
    JobStatus,
    Operation,
    WorkflowDetail,
    WorkflowStatus,
)
from queuecraft_client.options import NewBatchJob, NewJob
from queuecraft_client.workflow import INDEX, ITEM, Map, Node, Workflow

__all__ = [
    "INDEX",
    "ITEM",
    "ApiError",
    "AsyncClient",
    "BadRequest",
    "Batch",
    "BatchNotCompleted",
    "BatchStatus",
    "Client",
    "Conflict",
    "ConnectionFailed",
    "Forbidden",
    "InvalidWorkflow",
    "Job",
    "JobCancelled",
    "JobDetail",
    "JobFailed",
    "JobNotCompleted",
    "JobSkipped",
    "JobStatus",
    "Map",
    "NewBatchJob",
    "NewJob",
    "Node",
    "NotCompleted",
    "NotFound",
    "Operation",
    "OperationNotCompleted",
    "QueueCraftError",
    "RateLimited",
    "Reference",
    "ServerError",
    "TooLarge",
    "Unauthorized",
    "UnexpectedAnswer",
    "WaitTimeout",
    "Workflow",
    "WorkflowDetail",
    "WorkflowNotCompleted",
    "WorkflowStatus",
    "__version__",
]
