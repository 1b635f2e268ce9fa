"""The schema of a payload model describes exactly what the model accepts, or the task is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Annotated, Any

import orjson
import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from chalicelib.services.payloads import UnusableSchemaError, validator_of
from worker_fn.registration.payload_schema import schema_of
from worker_fn.registration.registry import Registry, TaskDefinitionError


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")
    first_name: str
    last_seen: int = 0


class ByName(BaseModel):
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=False)
    size: int = Field(alias="s")


class Choices(BaseModel):
    model_config = ConfigDict(extra="forbid")
    user: int = Field(validation_alias=AliasChoices("user", "user_id", "u[0]"))
    flat: int = Field(1, validation_alias=AliasPath("f"))


class Row(TypedDict):
    cell: Annotated[int, Field(validation_alias=AliasChoices("c", "cell"))]


@dataclasses.dataclass
class Box:
    width: Annotated[int, Field(alias="w")]


class Nested(BaseModel):
    people: list[Camel]
    row: Row | None = None
    box: Box | None = None


@pytest.mark.parametrize(
    ("model", "payload"),
    [
        (Camel, {"firstName": "a"}),
        (Camel, {"first_name": "a", "last_seen": 3}),
        (Camel, {"firstname": "a"}),
        (Camel, {"first_name": 1}),
        (Camel, {"first_name": "a", "lastSeen": "x"}),
        (Camel, {"firstName": "a", "more": 1}),
        (Camel, {}),
        (ByName, {"size": 1}),
        (ByName, {"s": 1}),
        (Choices, {"user": 1}),
        (Choices, {"user_id": 1}),
        (Choices, {"u[0]": 1, "f": 2}),
        (Choices, {"u": 1}),
        (Choices, {"user_id": 1, "flat": 1}),
        (Choices, {"user_id": "x"}),
        (Nested, {"people": [{"first_name": "a"}, {"firstName": "b"}], "row": {"c": 1}, "box": {"w": 2}}),
        (Nested, {"people": [], "row": {"cell": 1}}),
        (Nested, {"people": [], "row": {}}),
        (Nested, {"people": [{}]}),
        (Nested, {"people": [], "box": {"width": 2}}),
    ],
)
def test_the_schema_accepts_exactly_what_the_model_accepts(model: type[BaseModel], payload: Any) -> None:
    try:
        model.model_validate_json(orjson.dumps(payload))
        taken = True
    except ValidationError:
        taken = False
    assert validator_of(schema_of(model)).is_valid(payload) is taken


def test_forms_see_each_field_once() -> None:
    assert set(schema_of(Camel)["properties"]) == {"firstName", "lastSeen"}
    assert set(schema_of(Choices)["properties"]) == {"user", "f"}


class Anything:
    pass


class Arbitrary(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    thing: Anything


class Outer(BaseModel):
    inner: list[Arbitrary]


class Hook(BaseModel):
    call: Callable[[], None]


class Huge(BaseModel):
    amount: int = Field(le=2**64)


class Surrogate(BaseModel):
    text: str = Field(description="\ud800")


class Inside(BaseModel):
    city: str = Field(validation_alias=AliasPath("address", 0))


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Arbitrary, "thing"),
        (Outer, "inner.thing"),
        (Hook, "call"),
        (Huge, "amount.maximum"),
        (Surrogate, "text.description"),
        (Inside, "city"),
    ],
)
def test_a_model_without_a_schema_is_refused_by_task_and_field(model: type[BaseModel], field: str) -> None:
    def run(ctx: Any, payload: Any) -> None: ...

    run.__annotations__["payload"] = model
    with pytest.raises(TaskDefinitionError, match=rf"Task 'odd': the field {field} of its payload"):
        Registry().task("odd")(run)


def test_a_docstring_that_is_no_text_is_refused() -> None:
    def run(ctx: Any, payload: Any) -> None: ...

    run.__doc__ = "\udc80"
    with pytest.raises(TaskDefinitionError, match="Task 'odd': its docstring"):
        Registry().task("odd")(run)


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"properties": {"a": {"pattern": r"\A\w+\Z"}}}, r"properties.a.pattern: .*\\A"),
        ({"properties": {"a": {"$ref": "https://example.com/schema.json"}}}, "https://example.com/schema.json is not"),
        ({"$ref": "file:///etc/passwd"}, "is not fetched"),
        ({"type": "strng"}, "type: 'strng'"),
        ({"$ref": "#/$defs/nowhere"}, "nowhere"),
    ],
)
def test_a_schema_that_nothing_can_be_checked_against_is_named(schema: Any, why: str) -> None:
    with pytest.raises(UnusableSchemaError, match=why):
        validator_of(schema)
