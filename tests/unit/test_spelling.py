"""Names of input fields: camelCase as documented, snake_case as well."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from chalicelib.api import schemas
from chalicelib.api.call import Input
from chalicelib.api.errors import InvalidFields
from chalicelib.api.parsing import parse_query, validate
from chalicelib.api.schemas.job_lists import ActOnJobs, ListDead
from chalicelib.api.schemas.submissions import CreateJob, CreateJobs


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)


def test_no_name_is_documented_in_snake_case() -> None:
    for module in pkgutil.iter_modules(schemas.__path__, f"{schemas.__name__}."):
        importlib.import_module(module.name)
    models = [each for each in _below(Input) if each.__module__.startswith(schemas.__name__)]
    assert CreateJob in models
    assert [(each, name) for each in models for name in each.model_json_schema()["properties"] if "_" in name] == []


@pytest.mark.parametrize("name", ["delay_s", "delayS"])
def test_either_spelling_is_taken(name: str) -> None:
    assert validate(CreateJob, {"name": "n", name: 5}).delay_s == 5
    assert validate(CreateJobs, {"jobs": [{"name": "n", name: 5}]}).jobs[0].delay_s == 5
    assert parse_query(ListDead, {to_camel("finished_from"): ["2030-01-01T00:00:00Z"]}).finished_from
    assert parse_query(ListDead, {"finished_from": ["2030-01-01T00:00:00Z"]}).finished_from
    assert validate(ActOnJobs, {"action": "delete", "ids": ["a" * 24], "dry_run": True}).dry_run


@pytest.mark.parametrize("name", ["delay_s", "delayS"])
def test_an_error_names_the_field_as_sent(name: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        validate(CreateJob, {"name": "n", name: "soon"})
    assert refused.value.field == name


def test_both_spellings_at_once_are_refused() -> None:
    with pytest.raises(InvalidFields) as refused:
        validate(CreateJob, {"name": "n", "delay_s": 5, "delayS": 6})
    assert refused.value.field == "delay_s"
