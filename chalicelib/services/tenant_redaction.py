"""What a tenant redacts in the payloads and results of all its jobs, besides what tasks declare."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.redaction import checked_paths
from chalicelib.errors import InvalidInput
from chalicelib.services.subscriptions import MAX_AGE_S

if TYPE_CHECKING:
    from chalicelib.domain.clock import Clock
    from chalicelib.domain.principals import Principal
    from chalicelib.services.subscriptions import Subscriptions
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.redactions import RedactionStore


class TenantRedaction:
    """The paths of the caller's tenant."""

    def __init__(self, store: RedactionStore, subscriptions: Subscriptions, throttles: Throttles, clock: Clock) -> None:
        self._store = store
        self._subscriptions = subscriptions
        self._throttles = throttles
        self._clock = clock
        #: Waits for a number of seconds.
        self.pause_for: Callable[[float], object] = time.sleep

    def get(self, principal: Principal) -> tuple[str, ...]:
        """Return the paths."""
        return self._store.get(principal.tenant_id)

    def put(self, principal: Principal, paths: Sequence[str]) -> tuple[str, ...]:
        """Replace the paths, and return when every process knows them. Raises ``InvalidInput``, ``Throttled``."""
        try:
            checked = checked_paths(paths)
        except InvalidInput as error:
            raise InvalidInput(error.message, f"paths.{error.field}" if error.field else "paths") from None
        self._throttles.change_settings(principal.tenant_id)
        self._store.set(principal.tenant_id, checked, self._clock.now())
        self._subscriptions.forget()
        self.pause_for(MAX_AGE_S)
        return checked
