"""The catalogue of tasks: the workers of each pool register what they can run."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from chalicelib.domain.clock import Clock
from chalicelib.domain.limits import Limit
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import InvalidInput
from chalicelib.store.tasks import TaskStore, digest_of

#: How long a process caches the catalogue.
CACHED_S: Final = 5.0
#: How soon it reads again for an unknown task, which may just have been deployed.
LOOK_AGAIN_S: Final = 0.5


class DeclaredLimit(NamedTuple):
    """A limit, and the names of the tasks that declare it."""

    limit: Limit
    tasks: tuple[str, ...]


class Catalogue:
    """Tasks by name, with the schemas of their payloads. Cached for ``CACHED_S``."""

    def __init__(self, store: TaskStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._specs: dict[str, TaskSpec] = {}
        self._former: dict[str, tuple[str, ...]] = {}
        self._read_at = float("-inf")

    def register(
        self,
        specs: Sequence[TaskSpec],
        failed: Collection[str] = (),
        *,
        whole: bool = True,
        pool: str = DEFAULT_POOL,
        pools: Collection[str] = (),
    ) -> bool:
        """Store ``specs`` as the tasks of ``pool``, unless it has them already (one read); return whether it changed.

        Other tasks of the pool are removed, except those of modules that ``failed`` to load: their jobs wait until the
        module is fixed. Without ``whole`` none is removed: a worker that starts may be older than the last deployment.
        The default pool also removes the tasks of pools that are not among ``pools``, which were removed.
        """
        specs = [spec._replace(pool=pool) for spec in specs]
        takes_orphans = whole and pool == DEFAULT_POOL
        if self._store.digest(pool) == digest_of(specs) and not takes_orphans:
            return False
        known = {spec.name: spec for spec in self._store.all()}
        own = {
            name: spec
            for name, spec in known.items()
            if spec.pool == pool or (takes_orphans and spec.pool not in pools)
        }
        kept = {name: spec for name, spec in own.items() if not whole or (failed and is_from(spec, failed))}
        wanted = {**kept, **{spec.name: spec for spec in specs}}
        if wanted == own:
            return False
        robbed = {known[name].pool for name in wanted if name in known} - {pool}
        self._store.replace(wanted.values(), gone=own.keys() - wanted.keys(), pool=pool, robbed=robbed)
        self._read_at = float("-inf")
        return True

    def all(self) -> list[TaskSpec]:
        """Return all tasks, by name."""
        self._refresh()
        return list(self._specs.values())

    def limits(self, *, fresh: bool = False) -> dict[str, DeclaredLimit]:
        """Return the limits that tasks declare, by name, with the tasks; ``fresh``: not from the cache.

        During a deployment, and with workers of several versions, definitions of one name may differ: that of the first
        task by name counts.
        """
        self._refresh(0.0 if fresh else CACHED_S)
        found: dict[str, DeclaredLimit] = {}
        for spec in self._specs.values():
            for limit in spec.limits:
                known = found.get(limit.name)
                found[limit.name] = DeclaredLimit(
                    known.limit if known else limit, (*(known.tasks if known else ()), spec.name)
                )
        return dict(sorted(found.items()))

    def get(self, task: str) -> TaskSpec:
        """Return one task. Raises ``InvalidInput`` (field ``task``) if no worker has it."""
        self._refresh()
        spec = self._specs.get(task)
        if spec is None:
            self._refresh(LOOK_AGAIN_S)
            spec = self._specs.get(task)
        if spec is None:
            raise InvalidInput(f"There is no task named {task!r}", field="task")
        return spec

    def get_or_plain(self, task: str) -> TaskSpec:
        """Return one task, or plain values for one that no worker has: its jobs wait for it (``UNKNOWN_TASK_S``)."""
        try:
            return self.get(task)
        except InvalidInput:
            return TaskSpec(task, {})

    def redacted(self, task: str) -> tuple[str, ...]:
        """Return the paths that a task redacts, or redacted when it was last there."""
        self._refresh()
        spec = self._specs.get(task)
        return self._former.get(task, ()) if spec is None else spec.redact

    def _refresh(self, cached_s: float = CACHED_S) -> None:
        if self._clock.monotonic() < self._read_at + cached_s:
            return
        with self._lock:
            specs, former = self._store.read()
            self._specs = {spec.name: spec for spec in specs}
            self._former = former
            self._read_at = self._clock.monotonic()


class AnyPayload:
    """Accepts every payload of a task that is in the catalogue: a job's own was checked when it was submitted."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def check(self, task: str, payload: str) -> TaskSpec:
        """Return the task. Raises ``InvalidInput`` (field ``task``) if no worker has it, or if it is the system's."""
        return checked_spec(self._catalogue, task)


def checked_spec(catalogue: Catalogue, task: str) -> TaskSpec:
    """Return a task that users may submit. Raises ``InvalidInput`` (field ``task``)."""
    spec = catalogue.get(task)
    if spec.reserved:
        raise InvalidInput(f"The system alone submits jobs of {task!r}", field="task")
    return spec


def is_from(spec: TaskSpec, modules: Collection[str]) -> bool:
    """Return whether one of ``modules``, or a module in it, may define the task; older entries do not say."""
    return not spec.module or any(f"{spec.module}.".startswith(f"{module}.") for module in modules)
