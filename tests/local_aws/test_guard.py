"""Which pages and programs a local port accepts."""

import pytest

from infra.local.http.guard import Guard
from infra.local.http.http1 import Request

FRONTEND = "https://jobs.example:8443"


def status(guard: Guard, **fields: str) -> int:
    lookup = {name.replace("_", "-"): value for name, value in fields.items()}
    refusal = guard.refusal(Request("POST", "/", [], lookup))
    return refusal.status if refusal else 200


@pytest.mark.parametrize(
    "host",
    [
        "localhost:2000", "LOCALHOST", "127.0.0.1:2000", "[::1]:2000", "192.168.7.9", "api.localhost:4566", "app:2000",
        "host.docker.internal:2001", "s3.localhost.localstack.cloud:4566", "jobs.example", "",
    ],
)  # fmt: skip
def test_names_of_this_machine_are_answered(host: str) -> None:
    guard = Guard([FRONTEND])
    assert [status(guard, host=host) for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    "host", ["attacker.example", "attacker.example:2000", "localhost.attacker.example", "[::1", "x.y."]
)
def test_a_host_name_that_others_may_own_is_refused(host: str) -> None:
    guard = Guard([FRONTEND])
    assert [status(guard, host=host) for _ in range(2)] == [421, 421]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, 200),
        ({"origin": "http://localhost:3000"}, 200),
        ({"origin": "http://[::1]:5173"}, 200),
        ({"origin": FRONTEND}, 200),
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"origin": "https://attacker.example"}, 403),
        ({"origin": "http://203.0.113.9"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
    ],
)
def test_a_strict_port_answers_programs_and_own_pages(fields: dict[str, str], expected: int) -> None:
    assert status(Guard([FRONTEND], only_own_pages=True), host="localhost", **fields) == expected
    assert status(Guard([FRONTEND]), host="localhost", **fields) == 200


@pytest.mark.parametrize(
    ("method", "target", "mode", "expected"),
    [
        ("GET", "/bucket/exports/a.csv?X-Amz-Signature=1", "navigate", 200),
        ("GET", "/bucket/exports/a.csv?X-Amz-Signature=1", "no-cors", 403),
        ("POST", "/bucket/exports/a.csv?X-Amz-Signature=1", "navigate", 403),
        ("GET", "/bucket/exports/a.csv", "navigate", 403),
    ],
)
def test_a_signed_link_may_be_followed_from_any_page(method: str, target: str, mode: str, expected: int) -> None:
    lookup = {"host": "127.0.0.1:4566", "sec-fetch-site": "cross-site", "sec-fetch-mode": mode}
    refusal = Guard([FRONTEND], only_own_pages=True).refusal(Request(method, target, [], lookup))
    assert (refusal.status if refusal else 200) == expected
