"""The limits on creating jobs, of a user and of a tenant, in one atomic step."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chalicelib.domain.jobs import DEFAULT_QUEUE
from chalicelib.errors import RateLimited, TooManyActiveJobs, TooManyOpenJobs, TooManyQueues, TooManySubmissions
from chalicelib.queue.intents import IntentKind, suffix
from chalicelib.queue.scripts import Scripts, chunks
from chalicelib.settings import Settings

#: A reservation without a job expires after this; longer than any request may take.
RESERVATION_MS = 40_000


class CreationLimits:
    """Per user: attempts in a sliding window, active jobs. Per tenant: submissions a minute, open jobs, queues."""

    def __init__(self, scripts: Scripts, settings: Settings) -> None:
        self._scripts = scripts
        self._settings = settings

    def admit(
        self,
        owner_id: str,
        tenant_id: str,
        ids: Sequence[str],
        *,
        active: int,
        queues: Collection[str] = (DEFAULT_QUEUE,),
        submission_id: str = "",
        personal: bool = True,
    ) -> None:
        """Admit jobs with ``ids`` that ``owner_id`` creates in ``queues``; the first ``active`` are active at once.

        Each id counts as one attempt. Reserves the active places and notes the enqueue permits of the jobs, with
        ``submission_id``. Without ``personal`` the limits of a user are off, as for what the system submits.
        Raises ``RateLimited``, ``TooManySubmissions`` (both with ``retry_after_s``), ``TooManyActiveJobs``,
        ``TooManyOpenJobs``, ``TooManyQueues`` or ``QueueClosed``.
        """
        s, keys = self._settings, self._scripts.keys
        batch = self._scripts.batch("admit", room=len(queues) + 1)
        batch.add_each(owner_id, tenant_id, id=ids)
        verdict, number, *allowed = batch.run_once(
            given={"attempts": keys.rate(owner_id), "submissions": keys.submissions(tenant_id)},
            window_ms=s.rate_limit_window_ms, rate=s.rate_limit_max_requests if personal else 0,
            active_limit=s.max_active_jobs_per_user if personal else 0, become_active=active,
            reserve_ms=RESERVATION_MS, note=suffix(IntentKind.NEW, submission_id),
            per_minute=s.max_submissions_per_minute_per_tenant, open_limit=s.max_open_jobs_per_tenant,
            queues_limit=s.max_queues_per_tenant, queues=[*queues],
        )  # fmt: skip
        wait_s = max(1, -(-int(number) // 1000))
        if verdict == 1:
            raise RateLimited(
                f"Maximum {s.rate_limit_max_requests} job creation attempts per "
                f"{_window(s.rate_limit_window_ms)}. Try again in {wait_s} seconds.",
                retry_after_s=wait_s,
            )
        if verdict == 5:
            raise TooManySubmissions(
                f"A tenant may submit {allowed[0]} jobs a minute. Try again in {wait_s} seconds.", wait_s
            )
        if verdict == 2:
            raise self.too_many_active()
        if verdict == 3:
            raise TooManyOpenJobs(f"A tenant has at most {number} jobs that have not ended.")
        if verdict == 4:
            raise TooManyQueues(f"A tenant has at most {s.max_queues_per_tenant} queues with jobs.")

    def give_back(self, owner_id: str, ids: Sequence[str]) -> None:
        """Give back the reserved places of jobs that ``owner_id`` did not create after all."""
        for part in chunks(ids):
            self._scripts.redis.zrem(self._scripts.keys.active(owner_id), *part)

    def too_many_active(self) -> TooManyActiveJobs:
        """Return the error for a user who has reached the limit of active jobs."""
        limit = self._settings.max_active_jobs_per_user
        return TooManyActiveJobs(f"Rate limit exceeded. Maximum {limit} active jobs allowed.")


def _window(ms: int) -> str:
    return "minute" if ms == 60_000 else f"{ms / 1000:g} seconds"
