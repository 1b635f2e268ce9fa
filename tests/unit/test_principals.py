"""Permissions of principals."""

from datetime import UTC, datetime
from itertools import combinations

import pytest

from chalicelib.domain.principals import (
    PERMISSIONS,
    KeyGrant,
    KeyScope,
    Kind,
    Permission,
    Principal,
    Role,
    Scope,
    Session,
    roles_with,
)
from chalicelib.errors import MissingScope

P = Permission


def principal(role: Role) -> Principal:
    return Principal("u" * 24, "t" * 24, role)


def service(role: Role, *scopes: KeyScope) -> Principal:
    return Principal.service("u" * 24, "t" * 24, role, "", KeyGrant("k" * 24, "a key", frozenset(scopes)))


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
        (P.READ_AUDIT, {Role.OPERATOR, Role.ADMIN}),
        (P.MANAGE_KEYS, {Role.OPERATOR, Role.ADMIN}),
        (P.CHANGE_DEAD, {Role.OPERATOR, Role.ADMIN, Role.MEMBER}),
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


def test_a_key_has_no_more_than_its_scopes_and_its_creators_role() -> None:
    for role in Role:
        for size in range(1, len(KeyScope) + 1):
            for scopes in combinations(KeyScope, size):
                key = service(role, *scopes)
                assert key.permissions <= PERMISSIONS[role]
                assert key.may(P.MANAGE_MEMBERS) == (KeyScope.ADMIN in scopes and P.MANAGE_MEMBERS in PERMISSIONS[role])
                writes = {KeyScope.JOBS_WRITE, KeyScope.DLQ_WRITE, KeyScope.ADMIN} & {*scopes}
                assert key.may_write(Scope.OWN) == (bool(writes) and role is not Role.VIEWER)
    assert service(Role.OPERATOR, KeyScope.ADMIN).permissions == PERMISSIONS[Role.OPERATOR]


def test_a_missing_scope_is_named() -> None:
    key = service(Role.ADMIN, KeyScope.JOBS_READ)
    key.check_scope(KeyScope.JOBS_READ)
    key.check_scope(None)
    with pytest.raises(MissingScope, match="dlq:write") as caught:
        key.check_scope(KeyScope.DLQ_WRITE)
    assert caught.value.scope == "dlq:write"
    service(Role.ADMIN, KeyScope.ADMIN).check_scope(KeyScope.DLQ_WRITE)
    principal(Role.VIEWER).check_scope(KeyScope.ADMIN)  # persons have no scopes


def test_a_principal_is_the_same_in_each_of_its_sessions() -> None:
    session = Session("token", datetime(2030, 1, 1, tzinfo=UTC), 1)
    assert Principal("u", "t", Role.ADMIN, session=session) == Principal("u", "t", Role.ADMIN)
