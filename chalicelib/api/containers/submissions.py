"""What a submission meets besides the limits: payload schemas and idempotency keys."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.job_changes import ChangeParts
from chalicelib.containers.maintenance import MaintenanceParts

if TYPE_CHECKING:
    from chalicelib.queue.limit_room import LimitRoom
    from chalicelib.services.idempotency import Idempotency
    from chalicelib.services.payloads import Payloads
    from chalicelib.store.idempotency import KeyStore


class SubmissionServices(ChangeParts, MaintenanceParts):
    """Services that submissions pass."""

    @cached_property
    def idempotency(self) -> Idempotency:
        from chalicelib.services.idempotency import Idempotency

        return Idempotency(self.key_store, self.clock, self.ids)

    @cached_property
    def key_store(self) -> KeyStore:
        from chalicelib.store.idempotency import KeyStore

        return KeyStore(self.db)

    @cached_property
    def limit_room(self) -> LimitRoom:
        from chalicelib.queue.limit_room import LimitRoom

        return LimitRoom(self.redis, self.keys, self.settings)

    @cached_property
    def payloads(self) -> Payloads:
        from chalicelib.services.payloads import Payloads

        return Payloads(self.catalogue, self.log, self.settings.document_bytes)
