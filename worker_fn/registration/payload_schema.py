"""The JSON schema of a payload model, with every name that the model accepts for a field.

Pydantic writes one name for each field. A model may accept more (``AliasChoices``, ``populate_by_name``), and the
API validates by the schema: so the others are in ``patternProperties``, and a required field in ``allOf``. Its first
name stays in ``properties``, from which forms are built.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydantic.errors import PydanticUserError
from pydantic.json_schema import GenerateJsonSchema

if TYPE_CHECKING:
    from pydantic_core import core_schema

#: Range of integers in the catalogue's JSON.
_LARGEST: Final = 2**64 - 1
_SMALLEST: Final = -(2**63)

Json = dict[str, Any]
Fields = list[tuple[str, Any]]


class SchemaError(Exception):
    """Raised for a model without a JSON schema that can validate payloads; names the field and the reason."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"the field {path} of its payload {reason}" if path else f"its payload {reason}")
        self.path = path
        self.reason = reason


@cache
def schema_of(model: Any) -> Json:
    """Return the schema of ``model``. Raises ``SchemaError``."""
    try:
        schema: Json = model.model_json_schema(schema_generator=PayloadSchema)
    except SchemaError:
        raise
    except Exception as error:  # the hooks of the author's own types may raise anything
        text = error.message if isinstance(error, PydanticUserError) else repr(error)
        raise SchemaError("", f"has no JSON schema: {text}") from error
    for path, value in _unwritable(schema, ()):
        place = ".".join(part for part in path if part not in {"properties", "$defs"})
        raise SchemaError(place, f"cannot be written as JSON: {value}")
    return schema


class PayloadSchema(GenerateJsonSchema):
    """Generates schemas with all accepted names of a field; its errors name the field."""

    def model_fields_schema(self, schema: core_schema.ModelFieldsSchema) -> Json:
        """Return the schema of a model."""
        fields = list(schema["fields"].items())
        return self._with_names(
            _located(self, fields, lambda: super(PayloadSchema, self).model_fields_schema(schema)), fields
        )

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> Json:
        """Return the schema of a ``TypedDict`` in a model."""
        fields = list(schema["fields"].items())
        return self._with_names(
            _located(self, fields, lambda: super(PayloadSchema, self).typed_dict_schema(schema)), fields
        )

    def dataclass_args_schema(self, schema: core_schema.DataclassArgsSchema) -> Json:
        """Return the schema of a dataclass in a model."""
        fields = [(field["name"], field) for field in schema["fields"]]
        return self._with_names(
            _located(self, fields, lambda: super(PayloadSchema, self).dataclass_args_schema(schema)), fields
        )

    def _with_names(self, written: Json, fields: Fields) -> Json:
        """Add the names that pydantic omitted to the schema of an object."""
        for name, field in fields:
            shown = self._get_alias_name(field, name)
            if shown in written["properties"]:
                _add_names(written, shown, self._names(name, field))
        return written

    def _names(self, name: str, field: Any) -> list[str]:
        """Return every name that the model accepts for the field, in its order of precedence."""
        alias = field.get("validation_alias")
        by_alias = alias is not None and self._config.validate_by_alias is not False
        names = _top_names(name, alias) if by_alias else []
        if not by_alias or self._config.validate_by_name or self._config.populate_by_name:
            names.append(name)
        return list(dict.fromkeys(names))


def _top_names(name: str, alias: str | list[Any]) -> list[str]:
    """Return the names in an alias. Raises ``SchemaError`` for a path into another value."""
    if isinstance(alias, str):
        return [alias]
    paths = alias if isinstance(alias[0], list) else [alias]  # AliasChoices, AliasPath
    for path in paths:
        if len(path) > 1:
            shown = ".".join(map(str, path))
            raise SchemaError(
                name, f"is taken from inside another ({shown}), which no JSON schema can say; give it a name"
            )
    return [path[0] for path in paths]


def _add_names(written: Json, shown: str, names: list[str]) -> None:
    """Replace ``shown``, the name that pydantic wrote, by all names of the field."""
    properties = written["properties"]
    first, *others = names
    if first != shown:
        written["properties"] = properties = {
            first if key == shown else key: value for key, value in properties.items()
        }
        written["required"] = [first if key == shown else key for key in written.get("required", [])]
    for other in others:
        written.setdefault("patternProperties", {})[_exactly(other)] = properties[first]
    if others and first in written.get("required", []):
        written["required"].remove(first)
        written.setdefault("allOf", []).append({"anyOf": [{"required": [name]} for name in names]})
    if "required" in written and not written["required"]:
        del written["required"]


def _exactly(name: str) -> str:
    return "^" + re.sub(r"([\\^$.|?*+()\[\]{}/])", r"\\\1", name) + "$"


def _located(generator: GenerateJsonSchema, fields: Fields, write: Callable[[], Json]) -> Json:
    """Return the result of ``write``; if it fails, raise an error that names the field."""
    try:
        return write()
    except (PydanticUserError, SchemaError):
        for name, field in fields:
            error = _failure(generator, field)
            if isinstance(error, SchemaError):
                raise SchemaError(f"{name}.{error.path}" if error.path else name, error.reason) from error
            if error is not None:
                raise SchemaError(name, f"has no JSON schema: {error.message}") from error
        raise


def _failure(generator: GenerateJsonSchema, field: Any) -> SchemaError | PydanticUserError | None:
    try:
        generator.generate_inner(field)
    except (SchemaError, PydanticUserError) as error:
        return error
    except Exception:  # pydantic's way to omit a field
        return None
    return None


def _unwritable(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the places in a schema that cannot be written as JSON, and why."""
    children: Iterable[tuple[str, Any]] = ()
    if isinstance(node, dict):
        children = [(str(key), value) for key, value in node.items()]
    elif isinstance(node, list | tuple):
        children = [(str(index), value) for index, value in enumerate(node)]
    elif isinstance(node, int) and not _SMALLEST <= node <= _LARGEST:
        yield path, f"{node} is beyond what fits into 64 bits"
    elif isinstance(node, str) and not is_text(node):
        yield path, "a lone surrogate is no text"
    for key, value in children:
        if not is_text(key):
            yield path, "a lone surrogate is no text"
        yield from _unwritable(value, (*path, key))


def is_text(text: str) -> bool:
    """Return whether ``text`` can be encoded: a lone surrogate cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
