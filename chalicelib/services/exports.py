"""Writes exports of jobs: at once if they are small, else into S3."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.domain import exports
from chalicelib.domain.exports import ExportFormat
from chalicelib.domain.filters import JobFilter, Order, Place, Start, Visibility
from chalicelib.domain.jobs import Job
from chalicelib.domain.operations import MAX_JOBS, Operation

if TYPE_CHECKING:
    from chalicelib.aws.objects import Bucket
    from chalicelib.services.redactions import Redactions
    from chalicelib.store.job_search import JobSearch

#: Jobs of an export that is answered at once.
AT_ONCE: Final = 1_000
#: Jobs that are read in one query.
PAGE: Final = 200
#: How long a link to an export is valid.
LINK_S: Final = 15 * 60


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote. ``truncated``: there are more jobs than an export takes."""

    jobs: int
    size: int
    truncated: bool


class Exports:
    """Reads jobs with payload and result, and writes them as text."""

    def __init__(self, search: JobSearch, redactions: Redactions, bucket: Callable[[], Bucket]) -> None:
        self._search = search
        self._redactions = redactions
        self._bucket = bucket

    def small(
        self, seen: Visibility, wanted: JobFilter | None, order: Order, form: ExportFormat, max_bytes: int
    ) -> str | None:
        """Return the whole export; ``None`` if it has more than ``AT_ONCE`` jobs, or more than ``max_bytes`` bytes as
        Lambda counts them.
        """
        parts = [exports.begin(form)]
        size = count = 0
        for job in self._jobs(seen, wanted, order):
            text = exports.row(form, job, first=count == 0)
            count, size = count + 1, size + len(json.dumps(text))
            if count > AT_ONCE or size > max_bytes:
                return None
            parts.append(text)
        return "".join([*parts, exports.end(form)])

    def write(self, operation: Operation, seen: Visibility, on_page: Callable[[int], None]) -> Exported:
        """Write the export of an operation into its object; ``on_page`` is called with the jobs written so far.

        What ``on_page`` raises ends it, and nothing is left in S3.
        """
        form = form_of(operation)
        upload = self._bucket().upload(key_of(operation), form.content_type)
        count, truncated = 0, False
        try:
            upload.write(exports.begin(form))
            for job in self._jobs(seen, operation.wanted, order_of(operation)):
                if count == MAX_JOBS:
                    truncated = True
                    break
                upload.write(exports.row(form, job, first=count == 0))
                count += 1
                if count % PAGE == 0:
                    on_page(count)
            upload.write(exports.end(form))
            on_page(count)
            upload.complete()
        except BaseException:
            upload.abort()
            raise
        return Exported(count, upload.size, truncated)

    def link(self, operation: Operation) -> str:
        """Return a link to the file of an export that has ended, valid for ``LINK_S``."""
        return self._bucket().link(key_of(operation), LINK_S, filename_of(operation))

    def _jobs(self, seen: Visibility, wanted: JobFilter | None, order: Order) -> Iterator[Job]:
        start: Start | None = None
        while True:
            page = self._search.page(seen, wanted, order, start, PAGE, documents=True)
            yield from map(self._redactions.shown, page.jobs)
            if not page.after or not page.jobs:
                return
            last = page.jobs[-1]
            start = Start(Place(last.id, last.finished_at if order.by_end else None))


def form_of(operation: Operation) -> ExportFormat:
    """Return the format of an export."""
    return ExportFormat(operation.options["format"])


def order_of(operation: Operation) -> Order:
    """Return the order of an export."""
    return Order(newest_first=operation.options["newestFirst"], by_end=operation.options["byEnd"])


def key_of(operation: Operation) -> str:
    """Return the key of the object of an export."""
    return f"exports/{operation.tenant_id}/{operation.id}.{form_of(operation).value}"


def filename_of(operation: Operation) -> str:
    """Return the name under which browsers save an export."""
    return f"jobs-{operation.created_at:%Y-%m-%d}-{operation.id[-6:]}.{form_of(operation).value}"
