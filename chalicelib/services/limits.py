"""Limits of tasks: what stands, what is held and waits, and their change at run time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import Job, JobStatus, iso
from chalicelib.domain.limits import Bounds, Limit, burst_of, changed, check_bounds, instance, parse_instance
from chalicelib.domain.principals import Principal, Scope
from chalicelib.domain.tenants import EVERY_TENANT
from chalicelib.errors import Forbidden, InvalidInput, NotFound
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.queue.limit_instances import Block, LimitScripts, LimitState
    from chalicelib.services.limit_definitions import LimitDefinitions
    from chalicelib.services.projection import Projection
    from chalicelib.services.tasks import Catalogue, DeclaredLimit
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.limits import Changed, LimitStore

#: Maximum number of limits in one answer, of keys and of holders in the answer on one limit.
MAX_LISTED: Final = 1_000
MAX_KEYS: Final = 100
#: Keys among which the busiest are looked for.
MAX_COMPARED: Final = 1_000
MAX_HOLDERS: Final = 100


@dataclass(frozen=True, slots=True)
class StandingLimit:
    """A limit as it stands for a tenant."""

    limit: Limit
    tasks: tuple[str, ...]
    bounds: Bounds
    #: ``code``, or who changed it last: ``tenant`` or ``operators``.
    source: str
    changed: Changed | None
    state: LimitState


@dataclass(frozen=True, slots=True)
class LimitKeyState:
    """A key with its numbers of running and waiting jobs."""

    key: str
    held: int
    waiting: int


@dataclass(frozen=True, slots=True)
class LimitDetail:
    """A limit, its busiest keys, and ids of the jobs that hold it, both as far as the caller may see them."""

    standing: StandingLimit
    keys: Sequence[LimitKeyState]
    holders: Sequence[str]


class LimitService:
    """Reads and changes limits of the caller's tenant. Operators change those of every tenant, or of one they name."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        store: LimitStore,
        definitions: LimitDefinitions,
        scripts: LimitScripts,
        jobs: JobStore,
        projection: Projection,
        event_log: EventLog,
        throttles: Throttles,
        clock: Clock,
        log: Log,
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._definitions = definitions
        self._scripts = scripts
        self._jobs = jobs
        self._projection = projection
        self._event_log = event_log
        self._throttles = throttles
        self._clock = clock
        self._log = log

    # --- read ------------------------------------------------------------------------------------------------
    def list(self, principal: Principal, tenant_id: str | None = None) -> list[StandingLimit]:
        """Return all limits that tasks declare, as they stand for the tenant; by name, at most ``MAX_LISTED``."""
        tenant = _tenant(principal, tenant_id)
        declared = list(self._catalogue.limits().values())[:MAX_LISTED]
        changes = self._store.of_tenant(tenant)
        states = self._states(tenant, [each.limit for each in declared])
        return [
            _standing(each, changes.get(each.limit.name, []), state)
            for each, state in zip(declared, states, strict=True)
        ]

    def get(self, principal: Principal, name: str, tenant_id: str | None = None) -> LimitDetail:
        """Return one limit. Raises ``NotFound`` if no task declares it.

        Keys are shown to those who may read the jobs that they belong to: a tenant's, for a shared limit everybody's.
        """
        tenant, declared = _tenant(principal, tenant_id), self._declared(name)
        limit, text = declared.limit, instance(declared.limit, None)
        standing = self._standing(declared, tenant)
        found = self._scripts.instances(tenant, text, MAX_COMPARED) if limit.per is not None else []
        found = sorted(found, key=lambda each: (-each.held - each.waiting, each.instance))
        keys: Sequence[LimitKeyState] = []
        if limit.per is not None and principal.may_read(Scope.ALL if limit.shared else Scope.TENANT):
            named = [(parse_instance(each.instance).key, each) for each in found[:MAX_KEYS]]
            keys = [LimitKeyState(key or "", each.held, each.waiting) for key, each in named]
        all_in_one = limit.per is None or limit.total is not None
        holding = [text] if all_in_one else [each.instance for each in found if each.held]
        return LimitDetail(standing, keys, self._holders(principal, tenant, holding))

    def blocked_by(self, job: Job) -> Sequence[Block]:
        """Return what a pending job waits for besides its turn; nothing for other jobs, and while Redis is down."""
        if job.status is not JobStatus.PENDING:
            return []
        try:
            return self._scripts.blocked_by(job)
        except Exception as error:  # the job itself is in MongoDB and can be shown
            self._log.warning("what blocks a job is not known", event="blocks_unknown", error=repr(error)[:500])
            return []

    def _holders(self, principal: Principal, tenant: str, instances: Sequence[str]) -> Sequence[str]:
        ids: dict[str, None] = {}
        for each in instances:
            if len(ids) < MAX_HOLDERS:
                ids |= dict.fromkeys(self._scripts.holders(tenant, each, MAX_HOLDERS - len(ids)))
        jobs, _ = self._jobs.get_many(ids, light=True)
        return [job.id for job in jobs if principal.may_read(principal.scope_of(job.tenant_id, job.owner_id))]

    def _standing(self, declared: DeclaredLimit, tenant: str) -> StandingLimit:
        name = declared.limit.name
        found = [self._store.get(scope, name) for scope in (EVERY_TENANT, tenant)]
        [state] = self._states(tenant, [declared.limit])
        return _standing(declared, [each for each in found if each], state)

    def _states(self, tenant: str, limits: Sequence[Limit]) -> Sequence[LimitState]:
        texts = [instance(limit, None) for limit in limits]
        counted = [[f"{text}:", text] if limit.per else [text] for limit, text in zip(limits, texts, strict=True)]
        states = iter(self._scripts.states(tenant, [each for some in counted for each in some]))
        return [_together(text, [next(states) for _ in some]) for text, some in zip(texts, counted, strict=True)]

    def _declared(self, name: str) -> DeclaredLimit:
        declared = self._catalogue.limits().get(name) or self._catalogue.limits(fresh=True).get(name)
        if declared is None:
            raise NotFound("No task has a limit of this name")
        return declared

    # --- change ----------------------------------------------------------------------------------------------
    def change(
        self, principal: Principal, name: str, bounds: Mapping[str, Any], tenant_id: str | None = None
    ) -> StandingLimit:
        """Change the given bounds of a limit until it is reset; ``None`` lifts one. The others stay.

        Written to MongoDB first, then to Redis; if that fails, the sweep repairs it within a minute. Publishes
        ``limit:changed``. Raises ``InvalidInput``, ``Forbidden``, ``NotFound``, ``Throttled``.
        """
        declared = self._declared(name)
        scope = self._scope(principal, declared.limit, tenant_id)
        if "total" in bounds and declared.limit.total is None:
            raise InvalidInput("The limit has no total: declare one in code, so that its jobs are counted", "total")
        self._check(declared.limit, scope, bounds)
        self._store.change(scope, name, bounds, by=principal.user_id, at=self._clock.now())
        return self._changed(principal, declared, scope, tenant_id, dict(bounds))

    def set_paused(
        self, principal: Principal, name: str, *, paused: bool, tenant_id: str | None = None
    ) -> StandingLimit:
        """Pause a limit, so that no job under it starts, or resume it. Returns and raises as ``change``."""
        declared = self._declared(name)
        scope = self._scope(principal, declared.limit, tenant_id)
        self._store.change(scope, name, {}, paused=paused, by=principal.user_id, at=self._clock.now())
        return self._changed(principal, declared, scope, tenant_id, {"paused": paused})

    def reset(self, principal: Principal, name: str, tenant_id: str | None = None) -> StandingLimit:
        """Return to what code declares, not paused. Returns and raises as ``change``.

        The rates of one tenant, or of a shared limit, begin afresh; those of all tenants at once are kept.
        """
        declared = self._declared(name)
        scope = self._scope(principal, declared.limit, tenant_id)
        self._store.reset(scope, name)
        standing = self._changed(principal, declared, scope, tenant_id, {"reset": True})
        if scope != EVERY_TENANT or declared.limit.shared:
            tenant = tenant_id or principal.tenant_id
            self._projection.follow(lambda: self._definitions.forget_rates(declared.limit, tenant))
        return standing

    def _scope(self, principal: Principal, limit: Limit, tenant_id: str | None) -> str:
        """Return for whom a change counts: a tenant, or every one."""
        _tenant(principal, tenant_id)
        operator = principal.may_write(Scope.ALL)
        if limit.shared and not operator:
            raise Forbidden("All tenants share this limit; only an operator may change it")
        self._throttles.pause(principal.tenant_id)
        if limit.shared:
            return EVERY_TENANT
        return tenant_id or (EVERY_TENANT if operator else principal.tenant_id)

    def _check(self, limit: Limit, scope: str, bounds: Mapping[str, Any]) -> None:
        found = [self._store.get(each, limit.name) for each in dict.fromkeys((EVERY_TENANT, scope))]
        now = changed(limit.bounds, [each.change for each in found if each])
        check_bounds(now._replace(**bounds))

    def _changed(
        self, principal: Principal, declared: DeclaredLimit, scope: str, tenant_id: str | None, what: dict[str, Any]
    ) -> StandingLimit:
        limit, now = declared.limit, self._clock.now()
        self._log.info(
            "limit changed", event="limit_changed", limit=limit.name, scope=scope, userId=principal.user_id, **what
        )
        self._projection.follow(lambda: self._definitions.project(limit, scope))
        standing = self._standing(declared, tenant_id or principal.tenant_id)
        every = self._store.get(EVERY_TENANT, limit.name) if scope == EVERY_TENANT else None
        bounds = changed(limit.bounds, [every.change if every else None]) if scope == EVERY_TENANT else standing.bounds
        data = {"name": limit.name, **bounds_data(bounds), "at": iso(now)}
        event = Event(EventType.LIMIT_CHANGED, scope, "", data, now)
        self._projection.follow(lambda: self._event_log.publish([event]))
        return standing


def bounds_data(bounds: Bounds) -> dict[str, Any]:
    """Return bounds as clients see them."""
    burst = burst_of(bounds.rate, bounds.burst) if bounds.rate else None
    return {
        "concurrency": bounds.concurrency,
        "rate": bounds.rate,
        "burst": burst,
        "total": bounds.total,
        "paused": bounds.paused,
    }


def _together(text: str, states: Sequence[LimitState]) -> LimitState:
    """Return the state of a limit: of all its keys, and of their total, which the same jobs hold."""
    first = states[0]
    waiting, is_cut = sum(each.waiting for each in states), any(each.is_cut for each in states)
    return first._replace(instance=text, waiting=waiting, is_cut=is_cut)


def _tenant(principal: Principal, tenant_id: str | None) -> str:
    if tenant_id is not None and tenant_id != principal.tenant_id and not principal.may_write(Scope.ALL):
        raise Forbidden("Only an operator reaches the limits of other tenants")
    return tenant_id or principal.tenant_id


def _standing(declared: DeclaredLimit, changes: Sequence[Changed], state: LimitState) -> StandingLimit:
    """Return a limit after ``changes``: that for every tenant, then the tenant's own."""
    limit, last = declared.limit, changes[-1] if changes else None
    bounds = changed(limit.bounds, [each.change for each in changes])
    source = "code" if last is None else "operators" if last.change.scope == EVERY_TENANT else "tenant"
    return StandingLimit(limit, declared.tasks, bounds, source, last, state)
