"""``queuecraft jobs``, and the commands about the steps and events of one job."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from queuecraft_client.cli.exits import ExitCode, UsageError, line_of
from queuecraft_client.cli.output import Column
from queuecraft_client.cli.progress import wait_for_job
from queuecraft_client.cli.shell import Commands, JobId, JobIds, Limit, Scope, Shell, Timeout, given, json_of, shell
from queuecraft_client.errors import ApiError, NotCompleted
from queuecraft_client.models import Job, JobDetail

LIST = (
    Column("ID", lambda job: job.id),
    Column("STATUS", lambda job: job.status),
    Column("TASK", lambda job: job.task),
    Column("QUEUE", lambda job: job.queue),
    Column("NAME", lambda job: job.name),
    Column("CREATED", lambda job: job.created_at),
)
_DETAIL = (
    *LIST,
    Column("PRIORITY", lambda job: job.priority),
    Column("TAGS", lambda job: job.tags),
    Column("DUE", lambda job: None if job.ended else job.ready_at or job.run_at),
    Column("STARTED", lambda job: job.started_at),
    Column("FINISHED", lambda job: job.finished_at),
    Column("PROGRESS", lambda job: f"{job.progress.percent:g} % {job.progress.message}" if job.progress else None),
    Column("ATTEMPTS", lambda job: job.attempt),
    Column("RETRIES", lambda job: f"{job.retry_count} of {job.max_retries}"),
    Column("ERROR", lambda job: f"{job.error.type}: {job.error.message}" if job.error else None),
    Column("PAYLOAD", lambda job: job.payload),
    Column("RESULT", lambda job: job.result),
)
_STEPS = (
    Column("NAME", lambda step: step.name),
    Column("N", lambda step: step.n),
    Column("KIND", lambda step: step.kind),
    Column("STATUS", lambda step: step.status),
    Column("TRIES", lambda step: step.attempts),
    Column("STARTED", lambda step: step.started_at),
    Column("ENDED", lambda step: step.ended_at or step.until),
    Column("ERROR", lambda step: f"{step.error.type}: {step.error.message}" if step.error else None),
)
jobs = Commands("Submit jobs, look at them, change them.")


@jobs.add("list")
def list_jobs(
    context: typer.Context,
    status: Annotated[list[str] | None, typer.Option(help="Only of this state; may be repeated.")] = None,
    task: Annotated[str | None, typer.Option()] = None,
    queue: Annotated[str | None, typer.Option()] = None,
    tag: Annotated[str | None, typer.Option()] = None,
    batch: Annotated[str | None, typer.Option(help="Of this batch.")] = None,
    search: Annotated[str | None, typer.Option("--search", "-q", help="Beginnings of words, or an id.")] = None,
    payload: Annotated[str | None, typer.Option(help="A field of the payload: customer.id=42 or name~ada.")] = None,
    sort: Annotated[str | None, typer.Option(help="-created, created, -finished or finished.")] = None,
    scope: Scope = "own",
    limit: Limit = 50,
) -> None:
    """List jobs, newest first."""
    options = given(
        status=status, task=task, queue=queue, tag=tag, batch=batch, q=search, payload=payload, sort=sort, scope=scope
    )
    sh = shell(context)
    sh.out.rows(sh.client.jobs.list(limit=limit, **options), LIST)


@jobs.add("show")
def show(context: typer.Context, job: JobId) -> None:
    """Show a job with its payload, result and error."""
    sh = shell(context)
    sh.out.item(sh.client.jobs.get(job), _DETAIL)


@jobs.add("submit")
def submit(
    context: typer.Context,
    task: Annotated[str, typer.Argument()],
    payload: Annotated[str | None, typer.Argument(help="JSON, @file, or - for the standard input.")] = None,
    name: Annotated[str | None, typer.Option(help="Default: the task.")] = None,
    queue: Annotated[str | None, typer.Option()] = None,
    priority: Annotated[int | None, typer.Option(help="0 to 9, 9 first.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="May be repeated.")] = None,
    max_retries: Annotated[int | None, typer.Option()] = None,
    timeout_s: Annotated[int | None, typer.Option(help="Seconds of one attempt.")] = None,
    delay: Annotated[float | None, typer.Option(help="Seconds until it is due.")] = None,
    run_at: Annotated[str | None, typer.Option(help="When it is due, as 2030-01-31T12:00Z.")] = None,
    depends_on: Annotated[list[str] | None, typer.Option(help="A job that must end first; may be repeated.")] = None,
    run_if: Annotated[str | None, typer.Option(help="all_ok, all_done, any_failed or any_ok.")] = None,
    unique_key: Annotated[str | None, typer.Option(help="One open job holds this key.")] = None,
    on_conflict: Annotated[str | None, typer.Option(help="keep, reject, replace, push_back or run_after.")] = None,
    idempotency_key: Annotated[str | None, typer.Option(help="Identifies the submission for 24 hours.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it has ended.")] = False,
    timeout: Timeout = 600.0,
) -> None:
    """Submit a job."""
    sh = shell(context)
    unique = given(key=unique_key, on_conflict=on_conflict)
    options = given(
        name=name, queue=queue, priority=priority, tags=tag, max_retries=max_retries, timeout_s=timeout_s,
        delay_s=delay, run_at=_time(run_at), depends_on=depends_on, run_if=run_if, unique=unique or None,
        idempotency_key=idempotency_key,
    )  # fmt: skip
    job = sh.client.jobs.submit(task, json_of(payload, "payload"), **options)
    if wait:
        _wait(sh, job.id, timeout)
    elif sh.out.as_json:
        sh.out.json(job.raw)
    else:
        sh.out.done(job.id)


@jobs.add("cancel")
def cancel(context: typer.Context, job: JobIds) -> None:
    """Cancel jobs."""
    sh = shell(context)
    _each(sh, job, sh.client.jobs.cancel)


@jobs.add("retry")
def retry(
    context: typer.Context,
    job: JobIds,
    payload: Annotated[str | None, typer.Option(help="Another payload: JSON, @file or -.")] = None,
    from_step: Annotated[str | None, typer.Option(help="Keep only what was recorded before this step.")] = None,
) -> None:
    """Run jobs of the dead letter queue again, or end the wait of those that are scheduled or retrying."""
    sh = shell(context)
    new = json_of(payload, "payload")
    _each(sh, job, lambda each: sh.client.jobs.retry(each, new, from_step=from_step))


@jobs.add("replay")
def replay(
    context: typer.Context,
    job: JobIds,
    payload: Annotated[str | None, typer.Option(help="Another payload: JSON, @file or -.")] = None,
    name: Annotated[str | None, typer.Option()] = None,
    queue: Annotated[str | None, typer.Option()] = None,
    priority: Annotated[int | None, typer.Option(help="0 to 9, 9 first.")] = None,
    delay: Annotated[float | None, typer.Option(help="Seconds until it is due.")] = None,
) -> None:
    """Run jobs that have ended again, as new jobs; what is not given is as it was."""
    sh = shell(context)
    new = json_of(payload, "payload")
    options = given(name=name, queue=queue, priority=priority, delay_s=delay)
    _each(sh, job, lambda each: sh.client.jobs.replay(each, new, **options))


@jobs.add("delete")
def delete(context: typer.Context, job: JobIds) -> None:
    """Delete jobs that have ended."""
    sh = shell(context)
    for each in job:
        sh.client.jobs.delete(each)
        sh.out.done(f"{each} deleted", _id=each, deleted=True)


@jobs.add("logs")
def logs(context: typer.Context, job: JobId) -> None:
    """Print what a job has logged."""
    sh = shell(context)
    columns = (
        Column("AT", lambda line: line.at),
        Column("LEVEL", lambda line: line.level),
        Column("MESSAGE", lambda line: line.message),
    )
    sh.out.rows(sh.client.jobs.logs(job), columns)


@jobs.add("wait")
def wait(context: typer.Context, job: JobIds, timeout: Timeout = 600.0) -> None:
    """Wait until jobs have completed; exit 1 if one ends otherwise, 8 if one has not ended in time."""
    sh = shell(context)
    failed = False
    for each in job:
        try:
            _wait(sh, each, timeout)
        except NotCompleted as error:
            failed = True
            sh.out.errors.print(line_of(error), markup=False, soft_wrap=True)
    if failed:
        raise typer.Exit(ExitCode.NOT_COMPLETED)


def steps(context: typer.Context, job: JobId) -> None:
    """List the steps that a durable job recorded."""
    sh = shell(context)
    sh.out.rows(sh.client.jobs.steps(job), _STEPS)


def event(
    context: typer.Context,
    job: JobId,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What ctx.wait_for_event waits for.")],
    data: Annotated[str | None, typer.Argument(metavar="JSON", help="JSON, @file or -; default: null.")] = None,
) -> None:
    """Send an event to a durable job."""
    sh = shell(context)
    sent = sh.client.jobs.send_event(job, name, json_of(data, "data"))
    sh.out.done(f"{sent.name} sent to {job}", **sent.raw)


def _wait(sh: Shell, job_id: str, timeout: float) -> None:
    """Print a job once it has completed. Raises what ``client.wait`` raises."""
    try:
        done = wait_for_job(sh, job_id, timeout)
    except NotCompleted as error:
        if sh.out.as_json and (job := getattr(error, "job", None)) is not None:
            sh.out.json(job.raw)
        raise
    if sh.out.as_json:
        sh.out.json(done.raw)
    else:
        sh.out.done(_ending(done))


def _ending(job: JobDetail) -> str:
    return f"{job.id} {job.status}"


def _each(sh: Shell, ids: list[str], change: Any) -> None:
    """Change jobs one after the other; what is refused does not keep the others from being changed."""
    refused: list[ApiError] = []
    for each in ids:
        try:
            job: Job = change(each)
        except ApiError as error:
            if len(ids) == 1:
                raise
            refused.append(error)
            sh.out.errors.print(f"{each}: {line_of(error)}", markup=False, soft_wrap=True)
        else:
            sh.out.done(f"{job.id} {job.status}", **job.raw)
    if refused:
        raise typer.Exit(ExitCode.NOT_COMPLETED)


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(str(error), "run-at") from error
    return found if found.tzinfo is not None else found.astimezone()
