"""What can be paused: a queue, all queues of a tenant, everything. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

#: Stands for all queues of a tenant among the names of paused queues.
ALL_QUEUES: Final = ""
#: Stands for all tenants, with ``ALL_QUEUES``.
ALL_TENANTS: Final = "*"


class PausedBy(IntEnum):
    """Which pause holds for a queue, the narrowest first; the numbers are those of ``pauses.lua``."""

    NONE = 0
    QUEUE = 1
    TENANT = 2
    EVERYTHING = 3


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause: by whom, since when."""

    by: str
    at: datetime
