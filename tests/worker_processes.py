"""Workers in processes of their own, which tests kill."""

from __future__ import annotations

import os
import subprocess
import sys

from chalicelib.domain.jobs import Job
from tests.support import wait_until
from tests.worker_support import Rig

#: Settings with which such workers notice crashes within a second.
ENV = {
    "RATE_LIMIT_MAX_REQUESTS": "0",
    "MAX_ACTIVE_JOBS_PER_USER": "0",
    "WORKER_LINGER_S": "0.05",
    "RETRY_BACKOFF_BASE_S": "0.02",
    "LEASE_MS": "600",
    "HEARTBEAT_MS": "100",
    "SIMULATED_JOB_S": "0.2",
    # a Lambda endpoint without a server: invocations fail, which must not matter
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class Workers:
    """Starts worker processes and ends them with the test."""

    def __init__(self, env: dict[str, str], output: int = subprocess.PIPE) -> None:
        """``output``: where that of workers goes; a pipe has room for that of about a hundred jobs."""
        self.env = {**os.environ, **env}
        self.output = output
        self.started: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.integration.worker_process"]
        process = subprocess.Popen(command, env=self.env, stdout=self.output, stderr=self.output, text=True)
        self.started.append(process)
        return process

    def stop(self) -> None:
        """Kill all that run."""
        for process in self.started:
            process.kill()
            process.communicate(timeout=10)

    def run_until_ended(self, rig: Rig, jobs: list[Job]) -> None:
        """Start a worker whenever none runs, as the ticks would, until all jobs have ended."""

        def ended() -> bool:
            if self.started[-1].poll() is not None:
                self.start()
            return all(not rig.job(job).status.is_open for job in jobs)

        wait_until(ended, 60, "all jobs ended")
