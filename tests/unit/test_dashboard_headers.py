"""The dashboard is served with the same headers locally, by nginx and by CloudFront."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local.dashboard.server import security_headers

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "infra" / "aws" / "template.yaml").read_text()
NGINX = (ROOT / "infra" / "docker" / "nginx.conf.template").read_text()
VITE = (ROOT / "frontend" / "vite.config.ts").read_text()
CLOUDFRONT = {
    "Content-Security-Policy": r'- "(default-src [^"]+)"',
    "X-Content-Type-Options": r"ContentTypeOptions: (\{Override: true\})",
    "Referrer-Policy": r"ReferrerPolicy: \{ReferrerPolicy: ([a-z-]+),",
    "X-Frame-Options": r"FrameOptions: \{FrameOption: ([A-Z]+),",
}


def directives(policy: str) -> dict[str, str]:
    """Return the directives of a policy by name, without the address of the WebSocket, which differs."""
    found = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert found["connect-src"].startswith("'self' ")
    return {**found, "connect-src": "'self' and the WebSocket"}


def local() -> dict[str, str]:
    return security_headers(2001)


def nginx() -> dict[str, str]:
    return {name: value.strip('"') for name, value in re.findall(r"^    add_header (\S+) (.+) always;$", NGINX, re.M)}


def cloudfront() -> dict[str, str]:
    found = {name: re.findall(pattern, TEMPLATE) for name, pattern in CLOUDFRONT.items()}
    assert [name for name, values in found.items() if len(values) != 1] == []
    # CloudFront supports one value of this header
    return {**{name: values[0] for name, values in found.items()}, "X-Content-Type-Options": "nosniff"}


@pytest.mark.parametrize("served", [nginx, cloudfront])
def test_all_three_send_the_same(served: Callable[[], dict[str, str]]) -> None:
    theirs, ours = served(), local()
    policy = "Content-Security-Policy"
    assert directives(theirs.pop(policy)) == directives(ours.pop(policy))
    assert theirs == ours


def test_nothing_inline_is_allowed_and_no_other_host_is_reached() -> None:
    found = directives(local()["Content-Security-Policy"])
    assert "unsafe" not in str(found)
    assert {"default-src": "'self'", "script-src": "'self'", "style-src": "'self'"}.items() <= found.items()


def test_the_page_itself_has_the_same_policy() -> None:
    [written] = re.findall(r'policy = "(default-src [^"]+)"', VITE)
    header = directives(local()["Content-Security-Policy"])
    page = directives(f"{written}; connect-src 'self' ws: wss:")
    assert {
        name: header[name] for name in ("default-src", "script-src", "style-src", "base-uri")
    }.items() <= page.items()
