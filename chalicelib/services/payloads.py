"""Submissions are checked against the catalogue. A module of its own: workers register tasks, but check nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import InvalidInput
from chalicelib.services.tasks import Catalogue

if TYPE_CHECKING:
    from jsonschema_rs import Validator


class Payloads:
    """Checks payloads of jobs. A schema is compiled once, until its task changes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._compiled: dict[str, tuple[dict[str, Any], Validator]] = {}

    def check(self, task: str, payload: str) -> TaskSpec:
        """The task, if it takes ``payload`` (JSON text).

        Raises ``InvalidInput`` whose field is ``task``, or the path in ``payload`` that is wrong.
        """
        spec = self._catalogue.get(task)
        try:
            value = orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise InvalidInput("The payload is not JSON", field="payload") from None
        self._validate(spec, value)
        return spec

    def _validate(self, spec: TaskSpec, value: Any) -> None:
        import jsonschema_rs  # noqa: PLC0415 - loads on first use

        for error in self._validator(spec).iter_errors(value):
            path = ["payload", *(str(part) for part in error.instance_path)]
            if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
                path.append(error.kind.property)
            raise InvalidInput(error.message[:500], ".".join(path))

    def _validator(self, spec: TaskSpec) -> Validator:
        import jsonschema_rs  # noqa: PLC0415

        schema, validator = self._compiled.get(spec.name, (None, None))
        if validator is None or schema != spec.schema:
            # values are masked: they may be secret, and long
            validator = jsonschema_rs.validator_for(spec.schema, mask="the value")
            self._compiled[spec.name] = (spec.schema, validator)
        return validator
