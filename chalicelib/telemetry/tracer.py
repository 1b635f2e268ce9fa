"""Spans in AWS X-Ray, by Powertools. Deployed only: elsewhere nothing listens, and the SDK takes 0.1 s to load.

X-Ray's ids are its own; each span is annotated with our trace id, which goes on from the request through the worker
to the events, so that one finds the other by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from typing import Any

Note = Callable[[str, str | int], None]


def _ignore(name: str, value: str | int) -> None:
    """Notes of a span that does not exist."""


class Tracing:
    """Opens spans below the segment that Lambda has opened for the invocation."""

    def __init__(self, service: str, *, enabled: bool) -> None:
        self._service = service
        self._enabled = enabled

    def span(self, name: str) -> AbstractContextManager[Note]:
        """A span around a block; what the block is given notes annotations. An exception is recorded and goes on."""
        return self._subsegment(name) if self._enabled else nullcontext(_ignore)

    @cached_property
    def _provider(self) -> Any:
        from aws_lambda_powertools import Tracer  # noqa: PLC0415 - loads the SDK

        # not patching libraries: their calls run on threads of their own, which have no segment
        return Tracer(service=self._service, auto_patch=False).provider

    @contextmanager
    def _subsegment(self, name: str) -> Iterator[Note]:
        from aws_lambda_powertools.shared.functions import sanitize_xray_segment_name  # noqa: PLC0415

        with self._provider.in_subsegment(name=sanitize_xray_segment_name(f"## {name}")) as subsegment:
            yield subsegment.put_annotation
