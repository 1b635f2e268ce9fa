"""The worker function. Events: ``{"source": "wake_up" | "schedule" | "handover" | …}``, ``{"action": …}``.

An event only starts a worker and carries no work: it may come twice, late, or at the same time as others. One with a
``pool`` is for a pool that has no function of its own.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final, Protocol

from chalicelib import gc_tuning
from chalicelib.settings import Settings, in_function

if in_function():
    gc_tuning.begin()

from chalicelib.errors import InvalidInput, QueueClosed
from chalicelib.services.tasks import is_from
from chalicelib.services.ticking import WORKER_WAIT_S
from worker_fn import tasks
from worker_fn.container import WorkerContainer, get_container
from worker_fn.recycle import Recycler
from worker_fn.registration.loading import LoadFailure, TaskModules
from worker_fn.registration.registry import registry
from worker_fn.worker import Departure, Worker

#: Time limit if the runtime gives none.
_DEFAULT_S: Final = 900.0
#: More than what tidying takes, with the repair of roll-ups.
TIDY_MS: Final = 120_000
_recycler: Final = Recycler()
#: The task modules, loaded by the first event.
modules: Final = TaskModules(tasks)


class LambdaContext(Protocol):
    """The part of Lambda's context that is used."""

    def get_remaining_time_in_millis(self) -> int: ...


def handle(event: dict[str, Any], context: LambdaContext | None) -> dict[str, Any]:
    """Entry point of the function."""
    container = _start()
    try:
        return _handle(container, event, context)
    finally:
        container.flush_spans()


def _handle(container: WorkerContainer, event: dict[str, Any], context: LambdaContext | None) -> dict[str, Any]:
    _offer_tasks(container)
    if "action" in event:  # no other process can answer its caller
        with _recycler.answering():
            return act(container, event)
    settings = container.settings
    if _recycler.pass_on(event, lambda e: container.functions.invoke_async(settings.function_of(settings.pool), e)):
        return {"passedOn": True}
    pool = str(event.get("pool") or settings.pool)
    if pool != settings.pool and settings.has_pool(pool):  # the caller does not know the function that serves it yet
        container.waker.wake_worker(str(event.get("source")), pool)
        return {"passedOn": True}
    ticked = event.get("source") == "schedule"
    if ticked and not has_work(container):
        container.ticking.look()
        container.sweeper.tidy()
        return {"left": "nothing to do"}
    departure = drain(container, context, pool)
    container.ticking.look()  # this worker waits no longer
    if departure.stuck:
        _recycler.recycle()
    elif ticked and (context is None or context.get_remaining_time_in_millis() > TIDY_MS):
        container.sweeper.tidy()  # also where ticks always find jobs
    return {"left": departure.reason, "stuck": departure.stuck}


def act(container: WorkerContainer, event: dict[str, Any]) -> dict[str, Any]:
    """Do one administrative action. Raises ``InvalidInput`` for an unknown one."""
    match event["action"]:
        case "register-tasks":
            changed = register_tasks(container, whole="adding" not in event)
            _note_deployment(container)
            failed = {failure.module: failure.reason for failure in _load(container.settings)}
            done = reconcile_schedules(container, event, failed)
            return {"changed": changed, "tasks": sorted(registry.tasks), "failed": failed, "schedules": done}
        case "create-operator":
            from chalicelib.store.client import require_replica_set  # noqa: PLC0415 - for few starts
            from chalicelib.store.indexes import ensure_indexes  # noqa: PLC0415 - for few starts

            if container.settings.deployed:
                container.database_owner.ensure(upgraded="upgraded" in event)
            require_replica_set(container.mongo)
            ensure_indexes(container.db)
            container.rebuilder.ensure_open()
            given: str | None = event.get("password")
            made = container.operators.ensure(given)
            answer = {"created": made is not None} | ({"email": made.email} if made else {})
            return answer if given or made is None else answer | {"password": made.password}
    raise InvalidInput(f"There is no action {event['action']!r}", field="action")


def has_work(container: WorkerContainer) -> bool:
    """Run the sweep and wake other pools; return whether a worker is needed here. This is all that a tick of an idle
    system does.
    """
    container.sweeper.sweep()
    container.waker.wake_managers()
    container.reindex.run()
    container.vitals.report()
    pool = container.settings.pool
    container.waker.wake_workers(other for other in container.fleet.needs_worker() if other != pool)
    soon_ms = container.clock.now_ms() + int(WORKER_WAIT_S * 1000)
    ready = container.engine.claim(container.ids.token(), 0, pool=pool).groups_left > 0
    return ready or container.engine.has_due(soon_ms) or container.webhook_sending.is_due()


def drain(container: WorkerContainer, context: LambdaContext | None, pool: str) -> Departure:
    """Run a worker of a pool until there is no work or the invocation's time is nearly over."""
    began = time.monotonic()

    def remaining_s() -> float:
        if context is None:
            return _DEFAULT_S - (time.monotonic() - began)
        return context.get_remaining_time_in_millis() / 1000

    container.log.adopt_standard()  # a module or a task may have set up logging for itself
    worker = Worker(container, registry.tasks, pool=pool, remaining_s=remaining_s, log=container.log)
    with _sigterm(worker):
        return worker.run()


def register_tasks(container: WorkerContainer, *, whole: bool = False) -> bool:
    """Register the tasks of this process for the API (with ``whole``, also remove others of its pools); return whether
    the catalogue changed.
    """
    failed = {failure.module for failure in _load(container.settings)}
    pools = container.settings.pool_names
    changed = False
    for removing in (False, True) if whole else (False,):  # a task that moves to another pool is never missing
        for pool in modules.pools:
            specs = [task.spec for task in registry.tasks.values() if modules.pool_of(task.module) == pool]
            changed |= container.catalogue.register(specs, failed, whole=removing, pool=pool, pools=pools)
    if changed:
        with suppress(QueueClosed):  # the rebuild brings the definitions too
            container.limit_definitions.repair()
    return changed


def _note_deployment(container: WorkerContainer) -> None:
    """Note the version of the code as deployed now. A failure is logged: only charts lack the mark."""
    from worker_fn.version import version  # noqa: PLC0415 - for deployments

    try:
        container.deployments.note(version(container.settings.task_package), container.clock.now())
    except Exception as error:
        container.log.warning("a deployment was not noted", event="deployment_unnoted", error=repr(error)[:500])


def reconcile_schedules(container: WorkerContainer, event: dict[str, Any], failed: Collection[str]) -> dict[str, Any]:
    """Make the schedules of code those of this process's pools, in the generation that ``event`` gives.

    Schedules of modules that ``failed`` to load stay. None is retired if ``event`` says that further pools are to come.
    """
    wanted = [schedule for task in registry.tasks.values() for schedule in task.schedules]
    kept = {spec.name for spec in container.catalogue.all() if is_from(spec, failed)}
    generation = int(event.get("generation") or container.clock.now_ms())
    last = "adding" not in event and "more" not in event
    done = container.code_schedules.reconcile(wanted, generation, kept, retire=last)
    return {"changed": done.changed, "retired": done.retired, "taken": done.taken, "outdated": done.outdated}


@cache
def _start() -> WorkerContainer:
    """Load settings and tasks, at a cold start."""
    container = get_container()
    log = container.log
    for failure in _load(container.settings):
        log.error(
            f"tasks of {failure.module} are missing: {failure.reason}",
            event="task_module_failed",
            module=failure.module,
            error=failure.reason,
        )
    gc_tuning.spare()
    return container


def _load(settings: Settings) -> list[LoadFailure]:
    """Import the task modules of this function's pool, at the first call."""
    left_out = settings.task_modules_left_out
    return modules.load(settings.pools, settings.pool, own=settings.task_package, leave_out=left_out)


def _offer_tasks(container: WorkerContainer) -> None:
    """Register the tasks of this process once; after a failure the next event tries again."""
    try:
        _offered(container)
    except Exception as error:  # jobs of tasks that were registered before can still run
        container.log.error(
            "the task catalogue was not updated; the next event tries again",
            event="catalogue_failed",
            error=repr(error),
        )


@cache
def _offered(container: WorkerContainer) -> bool:
    return register_tasks(container)


@contextmanager
def _sigterm(worker: Worker) -> Iterator[None]:
    """Stop the worker in order on SIGTERM, which an extension on Lambda or a reload of the local one causes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
