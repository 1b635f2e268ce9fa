"""All functions in one process: what a test submits, works on and connects with."""

from functools import cached_property

from chalicelib.api.container import ApiContainer
from chalicelib.services.tenant_redaction import TenantRedaction
from chalicelib.services.webhooks import Webhooks
from websocket_fn.container import ManagerContainer
from worker_fn.container import WorkerContainer


class Container(ApiContainer, WorkerContainer, ManagerContainer):
    """The containers of all functions."""

    @cached_property
    def webhooks(self) -> Webhooks:
        """They wait for no other process to learn of a change."""
        made = super().webhooks
        made.pause_for = lambda seconds: None
        return made

    @cached_property
    def tenant_redaction(self) -> TenantRedaction:
        """As ``webhooks``."""
        made = super().tenant_redaction
        made.pause_for = lambda seconds: None
        return made
