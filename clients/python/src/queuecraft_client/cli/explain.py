"""``queuecraft explain``: why a job is where it is, and what moves it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import typer
from rich.text import Text

from queuecraft_client.cli.output import plain
from queuecraft_client.cli.shell import JobId, shell
from queuecraft_client.models import JobDetail, JobStatus
from queuecraft_client.models.jobs import ENDED as _ENDED_STATES
from queuecraft_client.models.jobs import Block


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a job does not go on, and what frees it; ``command``: one that does."""

    why: str
    frees: str
    command: str | None = None


def explain(context: typer.Context, job: JobId) -> None:
    """Say why a job waits, or how it ended, and what frees it."""
    sh = shell(context)
    found = sh.client.jobs.get(job)
    reasons = reasons_of(found)
    if sh.out.as_json:
        listed = [{"why": each.why, "frees": each.frees, "command": each.command} for each in reasons]
        sh.out.json({"_id": found.id, "status": str(found.status), "reasons": listed})
        return
    sh.out.text(Text(plain(f"{found.name} ({found.id}) is {found.status}")))
    for each in reasons:
        sh.out.text(Text(plain(f"  why    {each.why}")))
        sh.out.text(Text(plain(f"  frees  {each.frees}")))
        if each.command:
            sh.out.text(Text(plain(f"         {each.command}")))


def reasons_of(job: JobDetail) -> Sequence[Reason]:
    """Return why a job does not go on, at least one reason."""
    tell = _TELL.get(job.status)
    return tell(job) if tell is not None else [Reason(f"it is {job.status}", "a newer client knows this state")]


def _blocked(job: JobDetail) -> list[Reason]:
    found = [
        Reason(
            f"it depends on {need.name or 'a job'} ({need.id}), which is {need.status}",
            f"the end of that job; this one runs if {_RUN_IF.get(job.run_if or '', job.run_if)}",
            f"queuecraft explain {need.id}",
        )
        for need in job.needs
        if need.status is not None and need.status not in _ENDED_STATES
    ]
    if job.runs_after:
        command = f"queuecraft explain {job.runs_after}"
        found.append(Reason(f"it is unique, and {job.runs_after} runs", "the end of that job", command))
    if not found and job.batch_id:
        found.append(Reason("its batch is being submitted", "the end of the submission, within a minute"))
    return found or [Reason("the jobs that it depends on have ended", "the server, within seconds")]


def _scheduled(job: JobDetail) -> list[Reason]:
    return [Reason(f"it is due at {_at(job.run_at or job.ready_at)}", "that time, or a retry", _now(job))]


def _retrying(job: JobDetail) -> list[Reason]:
    why = f"attempt {job.attempt} failed{_error(job)}; retry {job.retry_count} of {job.max_retries}"
    return [Reason(why, f"its next attempt is due at {_at(job.ready_at)}", _now(job))]


def _pending(job: JobDetail) -> list[Reason]:
    if job.blocked_by:
        return [_block(block) for block in job.blocked_by]
    since = f"since {_at(job.ready_at)}" if job.ready_at else "now"
    return [Reason(f"it is ready {since} and waits for its turn", "a free worker", "queuecraft queues list")]


def _block(block: Block) -> Reason:
    if block.task is not None:
        return Reason(f"the task {block.task} is {block.why}", "the end of the pause")
    if block.limit is None and block.queue is not None:
        resume = f"queuecraft queues resume {block.queue}"
        return Reason(f"the queue {block.queue} is {block.why}", "the end of the pause", resume)
    what = f"the limit {block.limit}" if block.limit is not None else "the limit of the tenant"
    key = f" of {block.key}" if block.key is not None else ""
    until = f" at {_at(block.until)}" if block.until is not None else ""
    show = f"queuecraft limits show {block.limit}" if block.limit is not None else None
    if block.why == "paused":
        return Reason(
            f"{what}{key} is paused", "the end of the pause", show and f"queuecraft limits resume {block.limit}"
        )
    if block.why == "rate":
        return Reason(f"{what}{key} allows no start yet", f"the next start{until}", show)
    return Reason(f"{what}{key} is full: {block.held} of {block.of} run", "the end of one of those jobs", show)


def _running(job: JobDetail) -> list[Reason]:
    done = f", {job.progress.percent:g} % {job.progress.message}".rstrip() if job.progress else ""
    why = f"attempt {job.attempt} runs since {_at(job.started_at)}{done}"
    if job.cancel_requested:
        return [Reason(f"{why}; it was asked to stop", "its end, within seconds")]
    return [Reason(why, f"its end, at the latest after {job.timeout_s} s", f"queuecraft jobs wait {job.id}")]


def _waiting(job: JobDetail) -> list[Reason]:
    found = []
    for each in job.waits_for:
        kind, _, name = each.partition(":")
        if kind == "event":
            command = f"queuecraft event {job.id} {name} JSON"
            found.append(Reason(f"it waits for the event {name}", "that event", command))
        else:
            found.append(Reason(f"it waits for the job {name}", "the end of that job", f"queuecraft explain {name}"))
    if job.ready_at is not None:
        found.append(Reason("it sleeps" if not found else "the wait has an end", f"the time {_at(job.ready_at)}"))
    return found or [Reason("it waits", "what its steps show", f"queuecraft steps {job.id}")]


def _completed(job: JobDetail) -> list[Reason]:
    return [
        Reason(f"it completed at {_at(job.finished_at)}", "nothing; it has ended", f"queuecraft jobs show {job.id}")
    ]


def _dead(job: JobDetail) -> list[Reason]:
    why = f"it failed after {job.attempt} attempts{_error(job)}"
    return [Reason(why, "a redrive, once the cause is gone", f"queuecraft dlq redrive {job.id}")]


def _cancelled(job: JobDetail) -> list[Reason]:
    return [Reason(f"it was cancelled at {_at(job.finished_at)}", "nothing; submit it again")]


def _skipped(job: JobDetail) -> list[Reason]:
    ends = ", ".join(f"{need.name or need.id} is {need.status or 'deleted'}" for need in job.needs)
    rule = f"; it runs if {_RUN_IF.get(job.run_if or '', job.run_if)}" if job.run_if else ""
    return [Reason(f"the jobs that it depends on ended otherwise{f' ({ends})' if ends else ''}{rule}", "nothing")]


_TELL: Final = {
    JobStatus.BLOCKED: _blocked,
    JobStatus.SCHEDULED: _scheduled,
    JobStatus.PENDING: _pending,
    JobStatus.RUNNING: _running,
    JobStatus.RETRYING: _retrying,
    JobStatus.WAITING: _waiting,
    JobStatus.COMPLETED: _completed,
    JobStatus.DLQ: _dead,
    JobStatus.CANCELLED: _cancelled,
    JobStatus.SKIPPED: _skipped,
}
_RUN_IF: Final = {
    "all_ok": "all completed",
    "all_done": "all ended",
    "any_failed": "one did not complete",
    "any_ok": "one completed",
}


def _now(job: JobDetail) -> str:
    return f"queuecraft jobs retry {job.id}"


def _error(job: JobDetail) -> str:
    return f": {job.error.type}: {job.error.message}" if job.error else ""


def _at(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S") if at is not None else "an unknown time"
