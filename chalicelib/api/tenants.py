"""Tenants, for operators."""

from __future__ import annotations

from typing import Any

from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.tenants import FindTenants, TenantsAnswer, tenants_body
from chalicelib.domain.principals import Permission

routes = Routes(__name__, tag="Tenants")


@routes.get("/tenants", query=FindTenants, answer=TenantsAnswer, needs=Permission.MANAGE_TENANTS)
def list_tenants(call: Call[Nothing, FindTenants]) -> dict[str, Any]:
    """Find tenants by part of their name, those with most open jobs first (operators)."""
    return tenants_body(call.container.tenants.busiest(call.query.q, call.query.limit))
