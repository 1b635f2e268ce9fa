"""The network address of a request's sender.

API Gateway passes the address of its peer (``requestContext.identity.sourceIp``) and appends it to
``X-Forwarded-For``. Without a proxy of ours that peer is the viewer, and the rest of the header may be forged.
Behind our CloudFront the peer is an edge server, and CloudFront appended the entry to the left of it: the viewer.
A request sent directly to API Gateway could forge that entry, so it is trusted only if the request has the secret
that CloudFront adds (``X-Edge-Secret``, setting ``EDGE_SECRET``).
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

EDGE_HEADER = "x-edge-secret"


def viewer_address(peer: str, headers: Mapping[str, str], edge_secret: str | None) -> str:
    """Return the viewer's address: ``peer``, or the one that a trusted proxy of ours forwards."""
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
    """Return the key by which a viewer is throttled: the address, or its /64 for IPv6, which one household owns."""
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
