"""Permissions of principals."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.principals import PERMISSIONS, Kind, Permission, Principal, Role, Scope, Session, roles_with

P = Permission


def principal(role: Role) -> Principal:
    return Principal("u" * 24, "t" * 24, role)


def test_each_permission_has_a_role_and_operators_have_all() -> None:
    assert PERMISSIONS[Role.OPERATOR] == frozenset(Permission)
    assert PERMISSIONS[Role.MEMBER] < PERMISSIONS[Role.ADMIN] < PERMISSIONS[Role.OPERATOR]


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (P.WRITE_OWN, {Role.OPERATOR, Role.ADMIN, Role.MEMBER}),
        (P.MANAGE_MEMBERS, {Role.OPERATOR, Role.ADMIN}),
        (P.MANAGE_QUEUES, {Role.OPERATOR, Role.ADMIN}),
        (P.MANAGE_SETTINGS, {Role.OPERATOR, Role.ADMIN}),
        (P.MANAGE_TENANTS, {Role.OPERATOR}),
        (P.READ_TENANT, {Role.OPERATOR, Role.ADMIN, Role.VIEWER}),
    ],
)
def test_roles_of_a_permission(permission: Permission, roles: set[Role]) -> None:
    assert roles_with(permission) == roles
    assert {role for role in Role if principal(role).may(permission)} == roles


@pytest.mark.parametrize("role", Role)
def test_a_scope_includes_the_narrower_ones(role: Role) -> None:
    for may in (principal(role).may_read, principal(role).may_write):
        reached = [may(scope) for scope in Scope]
        assert reached == sorted(reached, reverse=True)


def test_a_viewer_changes_nothing() -> None:
    assert not any(principal(Role.VIEWER).may_write(scope) for scope in Scope)


def test_how_far_a_job_is() -> None:
    member = principal(Role.MEMBER)
    assert member.scope_of(member.tenant_id, member.user_id) is Scope.OWN
    assert member.scope_of(member.tenant_id, "v" * 24) is Scope.TENANT
    assert member.scope_of("s" * 24, "v" * 24) is Scope.ALL


def test_the_system_acts_in_its_tenant() -> None:
    system = Principal.system("t" * 24)
    assert system.kind is Kind.SYSTEM
    assert system.may_write(system.scope_of("t" * 24, "u" * 24))
    assert not system.may_read(system.scope_of("s" * 24, "u" * 24))


def test_a_principal_is_the_same_in_each_of_its_sessions() -> None:
    session = Session("token", datetime(2030, 1, 1, tzinfo=UTC), 1)
    assert Principal("u", "t", Role.ADMIN, session=session) == Principal("u", "t", Role.ADMIN)
