"""Access to local ports: for programs and pages of this machine, not for foreign pages in the developer's browser.

A page of another site can make the browser send requests here. It cannot choose the `Host` that the browser sends,
unless its own name is made to point to this machine (DNS rebinding), and it cannot omit its `Origin`.
"""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from infra.local.http.http1 import Request, Response

#: Public names that always mean this machine.
OWN_SUFFIXES = (".localhost", ".localhost.localstack.cloud")
OWN_NAMES = frozenset({"localhost", "localhost.localstack.cloud", "host.docker.internal"})
MAX_KEPT = 64


class Guard:
    """Refuses requests whose `Host` is a name that others may own, and optionally those of foreign pages."""

    def __init__(self, urls: Iterable[str] = (), *, only_own_pages: bool = False) -> None:
        """Accept the hosts of `urls`, further addresses of this port or the dashboard.

        `only_own_pages`: check `Origin` too.
        """
        names = (urlsplit(url).hostname for url in urls)
        self._names = OWN_NAMES | {name for name in names if name}
        self._only_own_pages = only_own_pages
        #: `Host` headers that were accepted before
        self._good: set[str] = set()

    def refusal(self, request: Request) -> Response | None:
        """Return the answer to a request that is refused; None for others."""
        host = request.lookup.get("host", "")
        if host not in self._good:
            if not self._is_own_host(_hostname(f"//{host}")):
                return Response.text(421, f"{host!r} is no name of this server. Use localhost.\n")
            if len(self._good) < MAX_KEPT:
                self._good.add(host)
        if self._only_own_pages and self._is_of_foreign_page(request):
            return Response.text(403, "Pages of other sites may not call this.\n")
        return None

    def _is_own_host(self, name: str | None) -> bool:
        """Return whether nobody else can own the name: addresses, and names without a dot, cannot be rebound."""
        if name is None:
            return False
        name = name.rstrip(".")
        return "." not in name or name in self._names or name.endswith(OWN_SUFFIXES) or _is_address(name)

    def _is_of_foreign_page(self, request: Request) -> bool:
        origin = request.lookup.get("origin")
        if origin is None:
            return request.lookup.get("sec-fetch-site") == "cross-site" and not _follows_signed_link(request)
        name = _hostname(origin)
        return name is None or not (name in self._names or name.endswith(OWN_SUFFIXES) or _is_loopback(name))


def _follows_signed_link(request: Request) -> bool:
    """Return whether the browser goes to a presigned URL of S3; the page that led there cannot read the answer.

    The dashboard of localhost leads to the link of an export, which is of 127.0.0.1.
    """
    is_link = request.method == "GET" and "X-Amz-Signature=" in request.target
    return is_link and request.lookup.get("sec-fetch-mode") == "navigate"


def _hostname(url: str) -> str | None:
    """Return the host of a URL in lower case; empty if it has none, None if it is not a URL."""
    try:
        return urlsplit(url).hostname or ("" if url == "//" else None)
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return _is_address(name) and ipaddress.ip_address(name).is_loopback
