"""The operator of the first start."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.principals import Role
from chalicelib.services.operators import OPERATOR_EMAIL
from tests.api_client import Api
from tests.container import Container

pytestmark = pytest.mark.integration


def test_the_first_start_makes_an_operator(api: Api, container: Container) -> None:
    made = container.operators.ensure()

    assert made is not None
    assert made.email == OPERATOR_EMAIL
    answer = api.post("/login", {"email": made.email, "password": made.password})
    assert api.get("/me", by=answer.json["jwt"]).json["user"]["role"] == "operator"


def test_the_second_start_makes_none(container: Container) -> None:
    container.operators.ensure()

    assert container.operators.ensure() is None


def test_an_operator_under_another_address_is_enough(api: Api, container: Container) -> None:
    api.person(Role.OPERATOR)

    assert container.operators.ensure() is None


def test_parallel_starts_make_one(container: Container) -> None:
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: container.operators.ensure(), range(6)))

    assert sum(credentials is not None for credentials in made) == 1
    assert container.db["users"].count_documents({"role": "operator"}) == 1
    assert container.db["tenants"].count_documents({}) == 1
