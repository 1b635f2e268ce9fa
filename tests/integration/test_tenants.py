"""The list of tenants, for operators."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.errors import OperationFailure

from chalicelib.domain.principals import Role
from chalicelib.services import tenants
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import an_error, finish, prepare, start, submit

pytestmark = pytest.mark.integration


@pytest.fixture
def operator(api: Api) -> Person:
    return api.person(Role.OPERATOR)


def named(api: Api, operator: Person, *names: str) -> list[Person]:
    people = [api.person() for _ in names]
    for person, name in zip(people, names, strict=True):
        api.container.db["tenants"].update_one({"name": person.user.username}, {"$set": {"name": name}})
    return people


def listed(api: Api, operator: Person, **query: str) -> dict[str, Any]:
    answer = api.get("/tenants", by=operator, query=query)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_the_busiest_tenants_come_first_with_their_jobs(api: Api, operator: Person, container: Container) -> None:
    prepare(container)
    idle, busy, busier = named(api, operator, "Idle", "Busy", "Busier")
    submit(container, busy.principal, max_retries=0)
    finish(container, start(container)[0], an_error())
    submit(container, busy.principal, delay_s=60.0)
    submit(container, busier.principal)
    start(container)
    submit(container, busier.principal)

    found = listed(api, operator)
    rows = [(each["name"], each["pending"], each["running"], each["failed"]) for each in found["tenants"]]
    assert rows[:2] == [("Busier", 1, 1, 0), ("Busy", 1, 0, 1)]
    assert ("Idle", 0, 0, 0) in rows
    assert (found["total"], found["totalIsExact"]) == (4, True)
    assert [each["id"] for each in listed(api, operator, limit="1")["tenants"]] == [busier.user.tenant_id]
    assert [each["id"] for each in listed(api, operator, q=idle.user.tenant_id)["tenants"]] == [idle.user.tenant_id]


def test_a_name_is_found_by_any_part_of_it_as_it_is_written(api: Api, operator: Person) -> None:
    named(api, operator, "Zo\u00eb \u20ac (a.b)", "axb")

    def names(q: str) -> list[str]:
        return [each["name"] for each in listed(api, operator, q=q)["tenants"]]

    assert names("ZO\u00cb") == names("zoe\u0308") == names(" a.b ") == ["Zo\u00eb \u20ac (a.b)"]
    assert names(".*") == []


def test_a_list_says_when_it_did_not_compare_all(api: Api, operator: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenants, "MAX_COMPARED", 2)
    named(api, operator, "One", "Two", "Three")

    found = listed(api, operator)
    assert [each["name"] for each in found["tenants"]] == ["Three", "Two"]
    assert (found["total"], found["totalIsExact"]) == (2, False)


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "201"}, {"q": "x" * 101}, {"q": "a\x00b"}])
def test_a_list_has_limits(api: Api, operator: Person, query: dict[str, str]) -> None:
    answer = api.get("/tenants", by=operator, query=query)
    assert (answer.status, next(iter(query)) in answer.text) == (400, True)


def test_two_changes_of_a_tenant_within_a_millisecond_conflict(container: Container) -> None:
    store, at = container.tenant_store, container.clock.now()
    store.add("a" * 24, "A tenant", at)
    session = container.mongo.start_session
    with session() as first, session() as second, first.start_transaction():
        store.touch("a" * 24, at, first)
        with pytest.raises(OperationFailure) as conflict, second.start_transaction():
            store.touch("a" * 24, at, second)
    assert conflict.value.has_error_label("TransientTransactionError")
