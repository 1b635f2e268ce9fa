"""The catalogue of tasks: workers register what they can run, submissions are checked against it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson

from chalicelib.domain.clock import Clock
from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import InvalidInput
from chalicelib.store.tasks import TaskStore, digest_of

if TYPE_CHECKING:
    from jsonschema_rs import Validator

#: How long a process trusts what it read.
CACHED_S: Final = 5.0
#: How soon it looks again for a task that it does not know: it may just have been deployed.
LOOK_AGAIN_S: Final = 0.5


class Catalogue:
    """Tasks by name, with their payload schemas. What it reads is cached for ``CACHED_S``."""

    def __init__(self, store: TaskStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._specs: dict[str, TaskSpec] = {}
        self._validators: dict[str, Validator] = {}
        self._digest: str | None = None
        self._read_at = float("-inf")

    def register(self, specs: Sequence[TaskSpec]) -> bool:
        """Make ``specs`` the catalogue, unless it is that already (one read); whether it was changed."""
        if self._store.digest() == digest_of(specs):
            return False
        self._store.replace(specs)
        self._read_at = float("-inf")
        return True

    def all(self) -> list[TaskSpec]:
        """Every task, by name."""
        self._refresh()
        return list(self._specs.values())

    def get(self, task: str) -> TaskSpec:
        """One task. Raises ``InvalidInput`` (field ``task``) when no worker has it."""
        self._refresh()
        spec = self._specs.get(task)
        if spec is None:
            self._refresh(LOOK_AGAIN_S)
            spec = self._specs.get(task)
        if spec is None:
            raise InvalidInput(f"There is no task named {task!r}", field="task")
        return spec

    def check(self, task: str, payload: str) -> TaskSpec:
        """The task, if it takes ``payload`` (JSON text).

        Raises ``InvalidInput`` whose field is ``task``, or the path in ``payload`` that is wrong.
        """
        spec = self.get(task)
        try:
            value = orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise InvalidInput("The payload is not JSON", field="payload") from None
        self._validate(spec, value)
        return spec

    def _validate(self, spec: TaskSpec, value: Any) -> None:
        import jsonschema_rs  # noqa: PLC0415 - workers register tasks, but check no submission

        validator = self._validators.get(spec.name)
        if validator is None:
            # values are masked: they may be secret, and long
            validator = self._validators[spec.name] = jsonschema_rs.validator_for(spec.schema, mask="the value")
        for error in validator.iter_errors(value):
            path = ["payload", *(str(part) for part in error.instance_path)]
            if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
                path.append(error.kind.property)
            raise InvalidInput(error.message[:500], ".".join(path))

    def _refresh(self, cached_s: float = CACHED_S) -> None:
        if self._clock.monotonic() < self._read_at + cached_s:
            return
        with self._lock:
            specs = {spec.name: spec for spec in self._store.all()}
            digest = digest_of(specs.values())
            if digest != self._digest:
                self._validators = {}
                self._digest = digest
            self._specs = specs
            self._read_at = self._clock.monotonic()
