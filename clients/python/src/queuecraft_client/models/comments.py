"""Comments as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuecraft_client.models._model import Model, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Model):
    """A comment on the job ``job_id``, or on a ``group`` of dead letters. ``owner_id`` is who wrote it."""

    id: str = named("_id")
    text: str
    job_id: str | None = None
    group: str | None = None
    owner_id: str = ""
    #: The name of the API key by which a service wrote it.
    key: str | None = None
    tenant_id: str = ""
    created_at: datetime | None = named("con", None)
