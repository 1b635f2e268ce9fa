"""Several functions in one process, for benchmarks that submit and run jobs."""

from chalicelib.api.container import ApiContainer
from worker_fn.container import WorkerContainer


class Container(ApiContainer, WorkerContainer):
    """The parts of the API's and the worker's containers."""
