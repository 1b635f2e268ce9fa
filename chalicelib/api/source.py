"""Whose network address a request has.

API Gateway tells the address of its peer (``requestContext.identity.sourceIp``) and appends it to
``X-Forwarded-For``. Without a proxy of ours that peer is the viewer, and whatever else the header says is
the viewer's invention. Through our CloudFront the peer is an edge server, and the entry to the left of it
was appended by CloudFront: the viewer. A request that comes straight to API Gateway could invent that entry,
so it is believed only when the request carries the secret that CloudFront adds (``X-Edge-Secret``, setting
``EDGE_SECRET``).
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

EDGE_HEADER = "x-edge-secret"


def viewer_address(peer: str, headers: Mapping[str, str], edge_secret: str | None) -> str:
    """The viewer's address; ``peer`` unless a proxy of ours vouches for another one."""
    given = headers.get(EDGE_HEADER, "")
    if not edge_secret or not hmac.compare_digest(given.encode(), edge_secret.encode()):
        return peer
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",")]
    if peer in hops:
        at = len(hops) - 1 - hops[::-1].index(peer)
        if at > 0 and _is_address(hops[at - 1]):
            return hops[at - 1]
    return peer


def throttle_key(address: str) -> str:
    """What one viewer is throttled by: the address, or for IPv6 its /64, which one household owns whole."""
    if not _is_address(address):
        return "unknown"
    parsed = ip_address(address)
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, 64), strict=False).network_address)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
