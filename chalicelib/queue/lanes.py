"""Names of lanes, queues and limit instances, as members and fields of Redis have them.

A *lane* is ``<pool>/<tenant id>/<queue name>``, followed by ``/`` and the limit instances of its jobs if they have any.
It is the unit of order; its jobs are let begin or not together, so that only the first one is looked at. The lanes of a
pool and a tenant are a *group*. Scripts make a lane of its own for jobs that go on after a wait (``names.lua``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.pools import DEFAULT_POOL

_BETWEEN_INSTANCES: Final = "\x1f"
#: The limit instance of all jobs of a tenant, which bounds how many run at once (``caps.lua``). No limit has this name.
CAP: Final = "~tenant"
#: In place of a limit instance: all queues are paused.
EVERYTHING: Final = "~everything"


def lane(tenant_id: str, queue: str, pool: str = "", limits: Sequence[str] = ()) -> str:
    """Return the lane of jobs in a tenant's queue; ``limits`` are the sorted instances that they fall under."""
    plain = f"{pool or DEFAULT_POOL}/{tenant_id}/{queue}"
    return f"{plain}/{_BETWEEN_INSTANCES.join(limits)}" if limits else plain


def queue_of(tenant_id: str, queue: str) -> str:
    """Return the name of a tenant's queue where all queues are listed."""
    return f"{tenant_id}/{queue}"


def instance_key(tenant_id: str, instance: str) -> str:
    """Return the key of a limit instance among those of all tenants."""
    return f"*/{instance[1:]}" if instance.startswith("*") else f"{tenant_id}/{instance}"
