"""Declared routes, and that each declaration is valid."""

from __future__ import annotations

import pytest

import app
from chalicelib.api.call import AnyJson, Input, Nothing, Output
from chalicelib.api.routing import ROUTES, Auth, Route, Routes
from chalicelib.api.websocket import ACTIONS


def test_chalice_serves_every_route() -> None:
    served = {(method, path) for path, methods in app.app.routes.items() for method in methods}

    assert served == {(route.method, route.path) for route in ROUTES}


def test_names_are_unique() -> None:
    names = [route.name for route in ROUTES]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_is_well_declared(route: Route) -> None:
    assert route.summary
    assert not route.summary.endswith(".")
    assert route.status < 400
    assert all(status >= 400 for status in route.errors)
    assert issubclass(route.body, Input | AnyJson)
    assert issubclass(route.query, Input)
    if route.method in {"GET", "DELETE"}:
        assert issubclass(route.body, Nothing)
    if isinstance(route.answer, type) and route.content_type == "application/json":
        assert issubclass(route.answer, Output | int)
    if route.auth is Auth.NONE:
        assert route.needs is None


#: What changes nothing that the audit log is about: submissions are jobs, with their owner and key, and events
#: are what jobs wait for.
UNRECORDED = {
    "create_user", "log_in", "log_out", "create_job", "create_jobs", "create_batch", "create_workflow",
    "preview_schedule", "preview_alert", "create_ws_ticket", "send_event", "call_back", "open_invitation",
    "forgot_password", "unsubscribe",
}  # fmt: skip
#: Calls with a link, whose handlers record them once they know who calls.
BY_LINK = {"accept_invitation", "use_password_link"}


def test_every_change_is_recorded() -> None:
    changing = {route.name for route in ROUTES if route.method != "GET"}
    changing.add("export_jobs")  # changes nothing, but carries payloads out
    assert {route.name for route in ROUTES if route.audit is not None} == changing - UNRECORDED - BY_LINK
    assert {name for name, action in ACTIONS.items() if action.audit is not None} == {"job:cancel", "job:replay"}


def test_a_change_has_one_name_however_it_comes() -> None:
    by_name = {route.name: route.audit for route in ROUTES}
    assert ACTIONS["job:cancel"].audit is by_name["cancel_job"]
    assert ACTIONS["job:replay"].audit is by_name["replay_job"]


def test_a_route_says_which_keys_may_call_it() -> None:
    with pytest.raises(TypeError, match="GET /new does not say which API keys"):
        Routes("x", tag="x").get("/new")


def test_statuses_follow_from_the_declaration() -> None:
    by_name = {route.name: route for route in ROUTES}

    assert by_name["sync"].statuses == {200, 400, 413, 500, 503}
    assert by_name["change_role"].statuses == {200, 400, 401, 403, 404, 409, 413, 500, 503}
    assert by_name["create_user"].statuses == {200, 400, 413, 429, 500, 503}
