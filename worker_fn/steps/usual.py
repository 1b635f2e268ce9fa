"""How long steps usually take, as this process has seen them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

#: Steps that are remembered; names may be made of data.
_MOST: Final = 2_000
#: Weight of the newest time.
_WEIGHT: Final = 0.3


class UsualTimes:
    """Mean recent times in seconds by task and step, weighted towards the newest. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: OrderedDict[tuple[str, str], float] = OrderedDict()

    def of(self, task: str, step: str) -> float:
        """Return the usual time of a step, 0 if it is not known."""
        return self._times.get((task, step), 0.0)

    def note(self, task: str, step: str, took_s: float) -> None:
        """Note how long a step took."""
        with self._lock:
            known = self._times.pop((task, step), took_s)
            self._times[task, step] = known + _WEIGHT * (took_s - known)
            if len(self._times) > _MOST:
                self._times.popitem(last=False)
