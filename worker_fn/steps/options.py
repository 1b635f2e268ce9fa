"""What authors of durable tasks import: the options of a step, and what steps raise."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.jobs import MAX_RETRIES, MAX_TIMEOUT_S
from chalicelib.domain.retry import DoNotRetry


@dataclass(frozen=True, slots=True)
class Step:
    """Options of a step. ``timeout_s`` bounds each of its tries; without one, the job's time limit does.

    ``retries`` are the step's own; after them it fails with ``StepFailed``. With ``once`` its function is called at
    most once: the start is recorded first, and a start without an end raises ``StepInterrupted``.
    """

    retries: int = 0
    timeout_s: float | None = None
    once: bool = False

    def __post_init__(self) -> None:
        if type(self.retries) is not int or not 0 <= self.retries <= MAX_RETRIES:
            raise ValueError(f"retries must be a whole number from 0 to {MAX_RETRIES}, not {self.retries!r}")
        timeout_s = self.timeout_s
        if timeout_s is not None and not (isinstance(timeout_s, int | float) and 0 < timeout_s <= MAX_TIMEOUT_S):
            raise ValueError(f"timeout_s must be above 0 and at most {MAX_TIMEOUT_S}, not {timeout_s!r}")
        if self.once and self.retries:
            raise ValueError("a step that runs once has no retries")


class Suspended(BaseException):
    """Raised in a task whose job is suspended: it runs again later, and goes on from here. Do not catch it."""


class NonDeterministic(DoNotRetry):
    """Raised when the code asks for another kind of step than was recorded under this name. The job goes to the DLQ."""


class StepInterrupted(DoNotRetry):
    """Raised for a step with ``once`` that began and did not end: nobody knows whether it took effect."""


class StepTimeout(Exception):  # noqa: N818
    """Raised in place of the result of a step that exceeded its ``timeout_s``."""


class StepResultError(DoNotRetry):
    """Raised for the result of a step that is not JSON, or too large."""


class TooManySteps(DoNotRetry):
    """Raised when a job takes more than 10,000 steps."""


class VersionChanged(DoNotRetry):
    """Raised for a job that began under another version of a task with ``on_version="fail"``."""


class DurationExceeded(DoNotRetry):
    """Raised when a job takes longer than the ``max_duration_s`` of its task, with its waits."""


class NestedStep(DoNotRetry):
    """Raised by a step that is called within the function of another one."""
