"""Models of unique jobs: what a submission asks for, and what a job shows."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import number_only
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.unique import (
    KEY_PATTERN,
    MAX_KEY_CHARS,
    MAX_PERIOD_S,
    MAX_WAIT_S,
    OnConflict,
    Unique,
    UniqueRule,
)

UniqueKey = Annotated[str, Field(min_length=1, max_length=MAX_KEY_CHARS, pattern=KEY_PATTERN, examples=["customer-7"])]
PeriodS = Annotated[int, BeforeValidator(number_only), Field(ge=1, le=MAX_PERIOD_S)]
MaxWaitS = Annotated[float, BeforeValidator(number_only), Field(gt=0, le=MAX_WAIT_S)]


class UniqueIn(Input):
    """Makes a job unique: one job of the tenant, the task, the key and the period holds the key at a time."""

    key: UniqueKey | None = Field(None, description="Default: a digest of the payload.")
    states: list[JobStatus] | None = Field(
        None,
        min_length=1,
        max_length=len(JobStatus),
        description="States in which a job holds the key; scheduled and pending are among them. Default: all that are "
        "open, for push_back the waiting ones. Ended states need periodS.",
    )
    period_s: PeriodS | None = Field(None, description="Each period of this length, from 1970 on, has keys of its own.")
    on_conflict: OnConflict = Field(
        OnConflict.KEEP, description="What to do while another job holds the key; see docs/api.md."
    )
    max_wait_s: MaxWaitS | None = Field(
        None, description="With push_back: the longest time between the first submission and the start."
    )

    def rule(self, at: str) -> Unique:
        """Return it as services take it. Raises ``InvalidInput``; ``at`` is the prefix of its field."""
        states = tuple(dict.fromkeys(state.value for state in self.states or ()))
        unique = Unique(self.key or "", states, self.period_s, self.on_conflict, self.max_wait_s)
        unique.check(at)
        return unique


class UniqueOut(Output):
    """How a job is unique. ``key`` is the digest of the payload if none was given."""

    key: str
    states: list[str]
    period_s: int | None = Field(alias="periodS")
    on_conflict: OnConflict = Field(alias="onConflict")
    max_wait_s: float | None = Field(alias="maxWaitS")


def unique_body(rule: UniqueRule | None) -> dict[str, Any] | None:
    """Return ``UniqueOut`` of a job as a plain dict."""
    return None if rule is None else _body(rule, rule.states)


def default_body(unique: Unique | None) -> dict[str, Any] | None:
    """Return ``UniqueOut`` of a task as a plain dict; the key is empty for the digest of the payload."""
    return None if unique is None else _body(unique, unique.held_in)


def _body(unique: Unique | UniqueRule, states: tuple[str, ...]) -> dict[str, Any]:
    return {
        "key": unique.key,
        "states": list(states),
        "periodS": unique.period_s,
        "onConflict": unique.on_conflict.value,
        "maxWaitS": unique.max_wait_s,
    }
