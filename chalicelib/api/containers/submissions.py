"""What a submission meets: payload schemas, limits, idempotency and unique keys."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.maintenance import MaintenanceParts

if TYPE_CHECKING:
    from chalicelib.queue.limit_room import LimitRoom
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.services.admission import Admission
    from chalicelib.services.idempotency import Idempotency
    from chalicelib.services.payloads import Payloads
    from chalicelib.services.uniqueness import Uniqueness
    from chalicelib.store.idempotency import KeyStore


class SubmissionServices(MaintenanceParts):
    """Services that submissions pass."""

    @cached_property
    def admission(self) -> Admission:
        from chalicelib.services.admission import Admission

        return Admission(self.engine, self.limits, self.projection)

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
    def limits(self) -> CreationLimits:
        from chalicelib.queue.limits import CreationLimits

        return CreationLimits(self.scripts, self.settings)

    @cached_property
    def payloads(self) -> Payloads:
        from chalicelib.services.payloads import Payloads

        return Payloads(self.catalogue, self.log)

    @cached_property
    def uniqueness(self) -> Uniqueness:
        from chalicelib.services.uniqueness import Uniqueness

        return Uniqueness(
            store=self.unique_store,
            jobs=self.job_store,
            engine=self.engine,
            due_times=self.due_times,
            limits=self.limits,
            submitter=self.submitter,
            successors=self.successors,
            projection=self.projection,
            event_log=self.event_log,
            clock=self.clock,
        )
