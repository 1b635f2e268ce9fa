"""Payloads and results that are too large for the record of their job: kept as objects in S3.

An object is written for one job, under a key that is used once, before the record that refers to it. After a crash in
between there is an object too many, which ``services/maintenance/stored_objects.py`` deletes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.jobs import Job, is_apart, is_large
from chalicelib.domain.stored import Reference, digest_of, reference_of
from chalicelib.errors import Conflict, ObjectMissing, Unavailable

if TYPE_CHECKING:
    from chalicelib.aws.objects import Bucket
    from chalicelib.domain.redaction import Redaction
    from chalicelib.store.stored_objects import StoredObjects

#: All objects are below it; the functions have rights for nothing else in the bucket.
PREFIX: Final = "payloads/"
#: When to look whether the record that was to refer to an object was written. No call and no worker lives as long.
CHECKED_AFTER: Final = timedelta(hours=1)
#: The largest text that an answer shows; two of them, with the rest, fit into what Lambda returns.
SHOWN_BYTES: Final = 512 * 1024
#: How long a link to a larger one is valid.
LINK_S: Final = 15 * 60
#: Objects of one call that are written at the same time.
_AT_ONCE: Final = 8
_TYPE: Final = "application/json"


class Shown(NamedTuple):
    """A stored text for its readers. ``text`` is ``None`` if it is too large to be shown, or cannot be read now."""

    text: str | None
    size: int
    #: Where it can be fetched for ``LINK_S``; empty for a text that is in the record, or has redacted values.
    url: str


class StoredValues:
    """Turns texts into what is stored, and back."""

    def __init__(self, bucket: Callable[[], Bucket], objects: StoredObjects, clock: Clock, ids: Ids) -> None:
        self._bucket = bucket
        self._objects = objects
        self._clock = clock
        self._ids = ids

    # --- write -----------------------------------------------------------------------------------------------
    def with_kept_payloads(self, jobs: Sequence[Job]) -> list[Job]:
        """Return jobs that are about to be written, those with large payloads with references to them.

        Raises ``Unavailable``; then none may be written.
        """
        large = {job.id: (job, job.payload) for job in jobs if job.payload is not None and is_large(job.payload)}
        if len(large) < 2:
            kept = {job.id: self._keep(job, text) for job, text in large.values()}
        else:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - for calls with several large payloads

            with ThreadPoolExecutor(_AT_ONCE) as threads:
                kept = dict(zip(large, threads.map(lambda each: self._keep(*each), large.values()), strict=True))
        return [job.with_(payload=kept[job.id]) if job.id in kept else job for job in jobs]

    def kept(self, job: Job, text: str) -> str:
        """Return what the record of a job that is there is to hold of a payload or a result. Raises ``Unavailable``."""
        if not is_large(text):
            return text
        self._objects.mark(job.id)
        return self._keep(job, text)

    def _keep(self, job: Job, text: str) -> str:
        raw = text.encode()
        key = f"{PREFIX}{job.tenant_id}/{job.id}/{self._ids.token()[:16]}"
        reference = Reference(key, len(raw), digest_of(raw))
        self._objects.add(job.tenant_id, job.id, [reference], self._clock.now() + CHECKED_AFTER)
        self._bucket().put(key, raw, _TYPE)
        return reference.text

    # --- read ------------------------------------------------------------------------------------------------
    def whole(self, text: str) -> str:
        """Return the JSON text that is stored. Raises ``ObjectMissing``, ``Unavailable``."""
        if not is_apart(text):
            return text
        try:
            reference = reference_of(text)
        except ValueError as error:
            raise ObjectMissing(f"The text is {error}") from None
        found = self._bucket().get(reference.key)
        if digest_of(found.encode()) != reference.digest:
            raise ObjectMissing("The object in S3 is not the one that was written")
        return found

    def with_payload(self, job: Job, *, needed: bool) -> Job:
        """Return ``job`` with its payload as JSON text.

        If that is gone from S3, it is empty; or, if ``needed``, raises ``Conflict``. Raises ``Unavailable``.
        """
        try:
            return job if job.payload is None else job.with_(payload=self.whole(job.payload))
        except ObjectMissing:
            if needed:
                raise Conflict("The payload of this job is gone from S3; give another one") from None
            return job.with_(payload=None)

    def shown(self, text: str, filename: str, redaction: Redaction | None = None) -> Shown:
        """Return a stored text for its readers; ``filename`` is how browsers save it.

        With a ``redaction`` its values are cut out, and there is no link: it would lead to all of them.
        """
        if not is_apart(text):
            return Shown(text, len(text), "")
        try:
            reference = reference_of(text)
            url = self._bucket().link(reference.key, LINK_S, filename) if redaction is None else ""
            whole = self.whole(text) if reference.size <= SHOWN_BYTES else None
        except (Unavailable, ValueError):
            return Shown(None, _size_of(text), "")
        if whole is not None and redaction is not None:
            whole = redaction.text(whole)
        return Shown(whole, reference.size, url)


def _size_of(text: str) -> int:
    try:
        return reference_of(text).size
    except ValueError:
        return 0
