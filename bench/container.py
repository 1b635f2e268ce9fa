"""Several functions in one process: what a benchmark submits and works on."""

from chalicelib.api.container import ApiContainer
from worker_fn.container import WorkerContainer


class Container(ApiContainer, WorkerContainer):
    """The containers of the API and the worker."""
