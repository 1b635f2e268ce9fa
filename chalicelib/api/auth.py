"""Authentication of requests: by a token or an API key in the Authorization header, or by the browser's cookie."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.principals import KeyScope
from chalicelib.errors import Forbidden, NeedsPerson, Unauthenticated

if TYPE_CHECKING:
    from chalicelib.api.container import ApiContainer
    from chalicelib.api.routing import Route
    from chalicelib.domain.principals import Permission, Principal


class Auth(Enum):
    """Whether a route requires a session or an API key."""

    NONE = "none"
    USER = "user"


class Keys(Enum):
    """Which API keys may call a route that needs no scope."""

    NONE = "none"
    ANY = "any"


#: Whatever its scopes.
ANY_KEY: Final = Keys.ANY
#: Persons alone: what gives somebody a way in, or ends a session.
PERSONS: Final = Keys.NONE
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER: Final = "x-csrf-token"


def principal_of(route: Route, headers: Mapping[str, str], container: ApiContainer) -> tuple[Principal | None, bool]:
    """Return who sends a request, and whether the token came from a cookie; ``(None, False)`` on public routes.

    Raises ``Unauthenticated`` (no token), ``InvalidToken``, ``Forbidden`` (role, scope, a
    cookie without its CSRF token, a key where a person is needed).
    The header takes precedence over the cookie.
    """
    if route.auth is Auth.NONE:
        return None, False
    token = bearer_token(headers.get("authorization", ""))
    via_cookie = not token
    if via_cookie:
        token = cookie_token(headers.get("cookie", ""), cookie_name(container.settings.stack_name))
    if not token:
        raise Unauthenticated("Authorisation Denied")
    principal = container.sessions.open(token) if via_cookie else container.authentication.open(token)
    if via_cookie and route.method not in SAFE_METHODS:
        container.sessions.check_csrf(principal, headers.get(CSRF_HEADER, ""))
    if principal.key is not None and route.scope is PERSONS:
        raise NeedsPerson
    check(principal, route.scope if isinstance(route.scope, KeyScope) else None, route.needs)
    return principal, via_cookie


def check(principal: Principal, scope: KeyScope | None, needs: Permission | None) -> None:
    """Raise ``MissingScope`` or ``Forbidden`` unless ``principal`` has a scope, if it is a key, and a permission."""
    principal.check_scope(scope)
    if needs is not None and not principal.may(needs):
        raise Forbidden(f"{whose_role(principal)}, {principal.role.value}, does not allow this")


def whose_role(principal: Principal) -> str:
    """Return by whose role a principal is bound, to begin a sentence."""
    return "Your role" if principal.key is None else "The role of the key's creator"


def bearer_token(header: str) -> str:
    """Return the token or key of an Authorization header: ``Bearer <token>``, or the token alone."""
    scheme, _, rest = header.strip().partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else header.strip()


def cookie_name(stack_name: str) -> str:
    """Return the cookie's name; it contains the stack's, because browsers send cookies of a host to all its ports."""
    return f"qc_session_{stack_name}"


def cookie_token(header: str, name: str) -> str:
    """Return the value of cookie ``name``, empty if there is none.

    Splits as RFC 6265, 5.4 joins: at each ``;``, then at the first ``=``. ``http.cookies`` is not used: it rejects
    the whole header for one cookie of the host that it cannot parse.
    """
    for pair in header.split(";"):
        found, _, value = pair.partition("=")
        if found.strip() == name:
            return value.strip()
    return ""


def session_cookie(stack_name: str, token: str, *, max_age_s: int, secure: bool) -> str:
    """Return a Set-Cookie value that scripts cannot read and that browsers do not send from other sites."""
    parts = [
        f"{cookie_name(stack_name)}={token}",
        "Path=/",
        f"Max-Age={max_age_s}",
        "HttpOnly",
        "SameSite=Strict",
    ]
    return "; ".join([*parts, "Secure"] if secure else parts)
