"""All functions in one process: what a test submits, works on and connects with."""

from chalicelib.api.container import ApiContainer
from websocket_fn.container import ManagerContainer
from worker_fn.container import WorkerContainer


class Container(ApiContainer, WorkerContainer, ManagerContainer):
    """The containers of all functions."""
