"""W3C trace context: its header, and the contexts of attempts, which derive from their jobs. Pure.

https://www.w3.org/TR/trace-context/ has the header's form.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from chalicelib.domain.jobs import Job

_FORM: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_SAMPLED: Final = 1
_NO_TRACE: Final = "0" * 32
_NO_SPAN: Final = "0" * 16


class TraceContext(NamedTuple):
    """A span as others name it: 32 and 16 hex digits, and whether it is recorded."""

    trace_id: str
    span_id: str
    sampled: bool = True

    @property
    def traceparent(self) -> str:
        """The value of the header."""
        return f"00-{self.trace_id}-{self.span_id}-{self.sampled:02x}"

    def child(self) -> TraceContext:
        """Return a new context in the same trace."""
        return self._replace(span_id=secrets.token_hex(8))


def parse(text: str | None) -> TraceContext | None:
    """Return the context in a ``traceparent``, ``None`` if it is not valid.

    As the standard asks, later versions are read as far as this one goes, and ids of zeros are refused.
    """
    found = _FORM.fullmatch((text or "").strip())
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    if version == "ff" or (version == "00" and more) or trace_id == _NO_TRACE or span_id == _NO_SPAN:
        return None
    return TraceContext(trace_id, span_id, bool(int(flags, 16) & _SAMPLED))


def root(trace_id: str, ratio: float) -> TraceContext:
    """Return a context that begins a trace, recorded if it is in the ``ratio`` of all traces."""
    return TraceContext(trace_id, secrets.token_hex(8), sampled(trace_id, ratio))


def sampled(trace_id: str, ratio: float) -> bool:
    """Return whether a trace without a parent is recorded: the same for each of its spans."""
    return int(trace_id[-14:], 16) < ratio * (1 << 56)


def attempt_context(job: Job, number: int, ratio: float) -> TraceContext:
    """Return the context of an attempt of ``job``: a trace of its own, which derives from job and number.

    So whoever knows the job knows the context, and nothing is stored. It is recorded if the submission is, which
    decided for all that follows; without one, as ``sampled`` says.
    """
    digest = hashlib.sha256(f"{job.id}/{number}".encode()).hexdigest()
    trace_id, span_id = digest[:32], digest[32:48]
    given = parse(job.traceparent) if job.traceparent else None
    return TraceContext(trace_id, span_id, sampled(trace_id, ratio) if given is None else given.sampled)
