"""Prepares nodes of workflows whose needs have ended: payloads with results of other nodes, and the jobs of maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from chalicelib.domain.batches import Batch, BatchStatus
from chalicelib.domain.job_limits import limits_after
from chalicelib.domain.jobs import MAX_NAME_CHARS, Follower, Job, JobStatus, is_apart, is_large
from chalicelib.domain.nodes import MAP_KIND, MapSpec, NodePart
from chalicelib.domain.workflows import FOLLOWER_KIND, INDEX, Reference, at_path, parse_path, resolved
from chalicelib.errors import InvalidInput, ObjectMissing, QueueCraftError
from chalicelib.services.dependencies import Prepared

if TYPE_CHECKING:
    from chalicelib.queue.room import TenantRoom
    from chalicelib.services.batch_work import BatchWork
    from chalicelib.services.stored_values import StoredValues
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.tasks import Catalogue
    from chalicelib.store.batches import BatchStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.workflows import WorkflowStore


class Unrunnable(Exception):  # noqa: N818 - an outcome of a node
    """Raised when a node cannot run; the text says why."""


class WorkflowNodes:
    """Safe to repeat: the jobs of a map have derived ids."""

    def __init__(
        self,
        *,
        store: WorkflowStore,
        jobs: JobStore,
        batches: BatchStore,
        work: BatchWork,
        submitter: Submitter,
        catalogue: Catalogue,
        room: TenantRoom,
        stored: Callable[[], StoredValues],
        max_bytes: int,
    ) -> None:
        """``max_bytes``: of a payload, and of a result."""
        self._store = store
        self._jobs = jobs
        self._batches = batches
        self._work = work
        self._submitter = submitter
        self._catalogue = catalogue
        self._room = room
        self._stored = stored
        self._max_bytes = max_bytes

    def prepare(self, jobs: Sequence[Job]) -> Prepared:
        """Return what becomes of ``jobs``, and make the jobs of maps. Raises errors of the databases."""
        plain = [job for job in jobs if not needs_preparation(job)]
        found = Prepared(plain, [], [])
        whole, _ = self._jobs.get_many([job.id for job in jobs if needs_preparation(job)])
        for job in whole:
            if job.status is not JobStatus.BLOCKED:
                continue  # another process was faster
            if job.part is None:
                continue
            try:
                self._prepare(job, job.part, found)
            except (Unrunnable, InvalidInput, ObjectMissing) as error:
                found.failed.append((job, _reason(error)))
        return found

    def _prepare(self, job: Job, part: NodePart, found: Prepared) -> None:
        if part.map is None:
            ready = self._with_payload(job, self._values(part, self._payload(job)))
            found.ready.append(ready.with_(payload=self._kept(job, ready.payload)))
            return
        batch = self._batches.get(job.id)
        if batch is None or batch.status is BatchStatus.SUBMITTING:
            items = self._items(part, part.map)
            if not items:
                found.done.append((job, "[]"))
                return
            self._make(job, part, part.map, items)
        elif batch.status is BatchStatus.RUNNING:
            self._work.carry_on(batch.id)
        batch = self._batches.get(job.id)
        if batch is None or batch.finished_at is None:
            return
        if batch.status is BatchStatus.COMPLETED:
            found.done.append((job, self._kept(job, self._results_text(batch))))
        else:
            bad = {status.value: number for status, number in (batch.counts or {}).items()}
            bad.pop(JobStatus.COMPLETED.value, None)
            ends = ", ".join(f"{number} {each}" for each, number in bad.items())
            raise Unrunnable(f"not all jobs of the map completed: {ends}")

    # --- payloads --------------------------------------------------------------------------------------------
    def _with_payload(self, job: Job, payload: Any) -> Job:
        """Return ``job`` with a resolved payload, and the limits that follow from it.

        Its task checks the payload when the job runs: workers have no other validator.
        """
        text = orjson.dumps(payload)
        if len(text) > self._max_bytes:
            raise Unrunnable(f"the payload has {len(text)} bytes with the results; {self._max_bytes} are allowed")
        spec = self._catalogue.get(job.task)
        return job.with_(limits=limits_after(job, spec, text.decode()), payload=text.decode())

    def _payload(self, job: Job) -> Any:
        return orjson.loads(self._whole(job.payload or "{}"))

    def _whole(self, text: str) -> str:
        return self._stored().whole(text) if is_apart(text) else text

    def _kept(self, job: Job, text: str | None) -> str | None:
        """Return what the record of ``job`` is to hold of a text."""
        return self._stored().kept(job, text) if text is not None and is_large(text) else text

    def _values(self, part: NodePart, payload: Any, item: Any = None) -> Any:
        """Return a payload with the values of its references."""
        results = _Results(self, part)

        def value_of(reference: Reference) -> Any:
            if not reference.field:
                return part.item if reference.source == INDEX else _at(item, reference)
            return results.get(reference)

        return resolved(payload, value_of)

    # --- maps ------------------------------------------------------------------------------------------------
    def _items(self, part: NodePart, spec: MapSpec) -> list[Any]:
        found = _Results(self, part).get(parse_path(spec.source, "map.from"))
        if not isinstance(found, list):
            raise Unrunnable(f"{spec.source} is no list")
        if len(found) > spec.most:
            raise Unrunnable(f"{spec.source} has {len(found)} items; {spec.most} are allowed")
        return found

    def _make(self, job: Job, part: NodePart, spec: MapSpec, items: Sequence[Any]) -> None:
        """Make the jobs of a map, one for each item."""
        if self._store.is_cancelled(part.workflow):
            return
        kept = self._completed(part.earlier, len(items))
        batch = Batch(
            id=job.id, tenant_id=job.tenant_id, owner_id=job.owner_id, name=job.name, total=len(items),
            created_at=job.created_at, updated_at=job.created_at, trace_id=job.trace_id,
            concurrency=spec.concurrency, of_map=True, kept=len(kept), earlier=part.earlier, api_key=job.api_key,
            traceparent=job.traceparent,
        )  # fmt: skip
        submission_id, payload = self._submitter.new_submission_id(), self._payload(job)
        own = part._replace(map=None, earlier=())
        members = [
            self._member(job, batch, own._replace(item=n), payload, item).with_(submission_id=submission_id)
            for n, item in enumerate(items)
            if n not in kept
        ]
        if self._batches.get(batch.id) is None:
            self._check_room(job, len(members))
        self._batches.insert(batch)
        if members:
            self._submitter.intend(members)
        self._work.fill(batch, members)
        self._work.run(batch)
        if self._store.is_cancelled(part.workflow) or not self._work.is_awaited(batch):  # meanwhile
            self._work.stop(batch.id)

    def _check_room(self, job: Job, number: int) -> None:
        """Raise ``Unrunnable`` if the tenant may not have as many further open jobs."""
        room = self._room.of([job.tenant_id])[job.tenant_id]
        if room.open_limit and room.open_jobs + number > room.open_limit:
            raise Unrunnable(
                f"the map needs {number} jobs; the tenant has {room.open_jobs} open ones of {room.open_limit} allowed"
            )

    def _completed(self, earlier: Sequence[str], number: int) -> set[int]:
        """Return the items of a map, of ``number``, that completed in earlier runs."""
        return set(self._texts(self._known_batches(earlier), number))

    def _known_batches(self, batch_ids: Sequence[str]) -> list[Batch]:
        return [batch for each in batch_ids if (batch := self._batches.get(each)) is not None]

    def _texts(self, batches: Sequence[Batch], number: int) -> dict[int, str]:
        """Return the results of items as JSON text, by number; of several, that of the first of ``batches``."""
        found: dict[int, str] = {}
        for batch in batches:
            ids = {batch.member_id(n): n for n in range(number) if n not in found}
            texts = self._store.results(ids)
            found |= {n: self._whole(text) for job_id, n in ids.items() if (text := texts[job_id]) is not None}
        return found

    def _member(self, job: Job, batch: Batch, part: NodePart, payload: Any, item: Any) -> Job:
        """Return the job of the item with the number in ``part``."""
        made = job.with_(
            id=batch.member_id(part.item or 0),
            name=f"{job.name} {part.item}"[:MAX_NAME_CHARS],
            part=part,
            batch=batch.id,
            followers=(Follower(batch.id, MAP_KIND), Follower(part.workflow, FOLLOWER_KIND)),
            depends_on=(),
            run_if=None,
            has_dependents=False,
            rev=1,
        )
        return self._with_payload(made, self._values(part, payload, item))

    def results_of(self, batch: Batch) -> list[Any]:
        """Return the results of the jobs of a map, in order."""
        found = self._texts([batch, *self._known_batches(batch.earlier)], batch.total)
        return [orjson.loads(found[n]) if n in found else None for n in range(batch.total)]

    def _results_text(self, batch: Batch) -> str | None:
        text = orjson.dumps(self.results_of(batch))
        return text.decode() if len(text) <= self._max_bytes else None

    def read(self, job_id: str, reference: Reference) -> Any:
        """Return the result that a node's job has. Raises ``Unrunnable``."""
        if reference.field == "results":
            batch = self._batches.get(job_id)
            return [] if batch is None else self.results_of(batch)
        text = self._store.results([job_id])[job_id]
        if text is None:
            raise Unrunnable(f"the node {reference.source} has no result")
        return orjson.loads(self._whole(text))


class _Results:
    """The results that one node refers to, read once each."""

    def __init__(self, nodes: WorkflowNodes, part: NodePart) -> None:
        self._nodes = nodes
        self._ids: Mapping[str, str] = dict(part.refs)
        self._known: dict[tuple[str, str], Any] = {}

    def get(self, reference: Reference) -> Any:
        """Return the value of a reference to a node. Raises ``Unrunnable``."""
        key = reference.source, reference.field
        if key not in self._known:
            self._known[key] = self._nodes.read(self._ids[reference.source], reference)
        return _at(self._known[key], reference)


def needs_preparation(job: Job) -> bool:
    """Return whether the payload of ``job`` has references, or the job is a map."""
    return job.part is not None and (bool(job.part.refs) or job.part.map is not None)


def _at(value: Any, reference: Reference) -> Any:
    try:
        return at_path(value, reference.path)
    except LookupError:
        field = f".{reference.field}" if reference.field else ""
        raise Unrunnable(f"{reference.source}{field} has no {'.'.join(reference.path)}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, QueueCraftError):
        field = getattr(error, "field", None)
        return f"{field}: {error}" if field else str(error)
    return str(error)
