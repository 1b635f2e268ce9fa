"""Checks submissions against the catalogue. A module of its own, because workers register tasks but check nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson

from chalicelib.domain.jobs import MAX_DOCUMENT_BYTES, is_apart, is_large
from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import InvalidInput, TooLarge
from chalicelib.services.tasks import Catalogue, checked_spec

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

    from chalicelib.telemetry.logger import Log

_MAX_MESSAGE_CHARS: Final = 500
_MAX_PATH_CHARS: Final = 300


class UnusableSchemaError(Exception):
    """Raised for a schema that cannot be used to check payloads; the text says why."""


def validator_of(schema: dict[str, Any]) -> Validator:
    """Compile ``schema``. Raises ``UnusableSchemaError``. References to other documents are not fetched."""
    import jsonschema_rs  # noqa: PLC0415 - loads on first use

    def refuse(uri: str) -> Any:
        raise UnusableSchemaError(f"{uri} is not fetched")

    try:
        # values are masked: they may be secret, and long
        return jsonschema_rs.validator_for(schema, mask="the value", retriever=refuse)
    except jsonschema_rs.ValidationError as error:
        place, shown = ".".join(str(part) for part in error.instance_path), repr(_at(schema, error.instance_path))
        text = f"{place}: {shown[:100]}: {error.message}" if place else error.message
        raise UnusableSchemaError(text[:_MAX_MESSAGE_CHARS]) from error
    except Exception as error:  # the compiler raises errors of several families
        raise UnusableSchemaError(f"{type(error).__name__}: {error}"[:_MAX_MESSAGE_CHARS]) from error


class Payloads:
    """Checks payloads of jobs. A schema is compiled once, until its task changes."""

    def __init__(self, catalogue: Catalogue, log: Log, max_bytes: int = MAX_DOCUMENT_BYTES) -> None:
        self._catalogue = catalogue
        self._log = log
        self._max_bytes = max_bytes
        self._compiled: dict[str, tuple[dict[str, Any], Validator | None]] = {}

    def check(self, task: str, payload: str) -> TaskSpec:
        """Return the task if it accepts ``payload`` (JSON text, or as it is stored).

        Raises ``InvalidInput`` whose field is ``task``, or the path in ``payload`` that is wrong, and ``TooLarge``. A
        task whose schema cannot be used accepts everything here; its model in the worker checks again. So it does with
        a payload that is not in the record: it was checked when it was submitted.
        """
        spec = checked_spec(self._catalogue, task)
        if is_apart(payload):
            return spec
        self.check_size(payload)
        try:
            value = orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise InvalidInput("The payload is not JSON", field="payload") from None
        validator = self._validator(spec)
        if validator is not None:
            _validate(validator, spec.schema, value)
        return spec

    def check_size(self, payload: str) -> None:
        """Raise ``TooLarge`` for a payload over the limit of this deployment."""
        if is_large(payload) and len(payload.encode()) > self._max_bytes:
            hint = "; larger ones need a bucket (PAYLOAD_BUCKET)" if self._max_bytes == MAX_DOCUMENT_BYTES else ""
            raise TooLarge(f"A payload may have at most {self._max_bytes} bytes of JSON{hint}")

    def _validator(self, spec: TaskSpec) -> Validator | None:
        if spec.name not in self._compiled or self._compiled[spec.name][0] != spec.schema:
            self._compiled[spec.name] = (spec.schema, self._compile(spec))
        return self._compiled[spec.name][1]

    def _compile(self, spec: TaskSpec) -> Validator | None:
        try:
            return validator_of(spec.schema)
        except UnusableSchemaError as error:
            self._log.warning(
                "the payloads of a task are not checked before its jobs run: its schema cannot be used",
                event="schema_unusable",
                task=spec.name,
                error=str(error),
            )
            return None


def _validate(validator: Validator, schema: dict[str, Any], value: Any) -> None:
    import jsonschema_rs  # noqa: PLC0415

    kinds = jsonschema_rs.ValidationErrorKind
    undecided = kinds.BacktrackLimitExceeded | kinds.RegexEngineFailure
    for error in validator.iter_errors(value):
        if isinstance(error.kind, undecided):
            continue  # a pattern that takes too long says nothing about the value
        path = ["payload", *(str(part) for part in error.instance_path)]
        message = error.message
        if isinstance(error.kind, kinds.Required):
            path.append(error.kind.property)
        elif names := _one_of_names(schema, error):
            path.append(names[0])
            message = f"one of {', '.join(names)} is required"
        raise InvalidInput(message[:_MAX_MESSAGE_CHARS], ".".join(path)[:_MAX_PATH_CHARS])


def _one_of_names(schema: Any, error: ValidationError) -> Sequence[str]:
    """Return the names of a required field that has several; empty if the error is another one."""
    node = _at(schema, error.schema_path)
    if not isinstance(node, list) or not all(isinstance(each, dict) and list(each) == ["required"] for each in node):
        return ()
    return [name for each in node for name in each["required"]]


def _at(node: Any, path: Iterable[str | int]) -> Any:
    """Return the value at a path of a document, ``None`` if there is none."""
    for part in path:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            return None
    return node
