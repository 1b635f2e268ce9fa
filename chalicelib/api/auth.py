"""From the credentials of a request to who sends it: Authorization header, or the browser's cookie."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Final

from chalicelib.errors import Forbidden, Unauthenticated

if TYPE_CHECKING:
    from chalicelib.api.container import ApiContainer
    from chalicelib.api.routing import Route
    from chalicelib.domain.principals import Principal


class Auth(Enum):
    """Whether a route needs a session."""

    NONE = "none"
    USER = "user"


SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER: Final = "x-csrf-token"


def principal_of(route: Route, headers: Mapping[str, str], container: ApiContainer) -> tuple[Principal | None, bool]:
    """Who sends a request, and whether a cookie brought the token; ``(None, False)`` on public routes.

    Raises ``Unauthenticated`` (no token), ``InvalidToken``, ``Forbidden`` (role, or a cookie without its CSRF
    token). The header wins over the cookie.
    """
    if route.auth is Auth.NONE:
        return None, False
    token = bearer_token(headers.get("authorization", ""))
    via_cookie = not token
    if via_cookie:
        token = cookie_token(headers.get("cookie", ""), cookie_name(container.settings.stack_name))
    if not token:
        raise Unauthenticated("Authorisation Denied")
    principal = container.sessions.open(token)
    if via_cookie and route.method not in SAFE_METHODS:
        container.sessions.check_csrf(principal, headers.get(CSRF_HEADER, ""))
    if route.needs is not None and not principal.may(route.needs):
        raise Forbidden(f"Your role, {principal.role.value}, does not allow this")
    return principal, via_cookie


def bearer_token(header: str) -> str:
    """The token of an Authorization header: ``Bearer <jwt>`` or the raw token."""
    scheme, _, rest = header.strip().partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else header.strip()


def cookie_name(stack_name: str) -> str:
    """Named after the stack: browsers send cookies of one host to every port."""
    return f"qc_session_{stack_name}"


def cookie_token(header: str, name: str) -> str:
    """The value of cookie ``name``, or nothing.

    Split as RFC 6265, 5.4 joins: at each ``;``, then at the first ``=``. Other cookies of the host may hold what they
    like; ``http.cookies`` gives up on the whole header for one that it cannot read.
    """
    for pair in header.split(";"):
        found, _, value = pair.partition("=")
        if found.strip() == name:
            return value.strip()
    return ""


def session_cookie(stack_name: str, token: str, *, max_age_s: int, secure: bool) -> str:
    """A Set-Cookie value that scripts cannot read and other sites cannot make a browser send."""
    parts = [
        f"{cookie_name(stack_name)}={token}",
        "Path=/",
        f"Max-Age={max_age_s}",
        "HttpOnly",
        "SameSite=Strict",
    ]
    return "; ".join([*parts, "Secure"] if secure else parts)
