"""The viewer's address of a request."""

from __future__ import annotations

import pytest

from chalicelib.api.source import throttle_key, viewer_address

SECRET = "a-secret-of-the-edge-0123456789abcdef"
EDGE, VIEWER = "192.0.2.1", "203.0.113.9"


def test_without_an_edge_the_peer_is_the_viewer() -> None:
    headers = {"x-forwarded-for": f"198.51.100.1, {VIEWER}"}

    assert viewer_address(VIEWER, headers, None) == VIEWER
    assert viewer_address(VIEWER, headers | {"x-edge-secret": ""}, None) == VIEWER


def test_the_edge_vouches_for_the_viewer() -> None:
    headers = {"x-edge-secret": SECRET, "x-forwarded-for": f"198.51.100.1, {VIEWER}, {EDGE}"}

    assert viewer_address(EDGE, headers, SECRET) == VIEWER


def test_an_edge_optimised_api_adds_a_hop_of_its_own() -> None:
    headers = {"x-edge-secret": SECRET, "x-forwarded-for": f"{VIEWER},{EDGE}, 192.0.2.77"}

    assert viewer_address(EDGE, headers, SECRET) == VIEWER


def test_inventing_the_peer_does_not_help() -> None:
    headers = {"x-edge-secret": SECRET, "x-forwarded-for": f"198.51.100.1, {EDGE}, {VIEWER}, {EDGE}"}

    assert viewer_address(EDGE, headers, SECRET) == VIEWER


@pytest.mark.parametrize("given", ["", "wrong", "é"])
def test_a_wrong_secret_is_not_trusted(given: str) -> None:
    headers = {"x-edge-secret": given, "x-forwarded-for": f"{VIEWER}, {EDGE}"}

    assert viewer_address(EDGE, headers, SECRET) == EDGE


@pytest.mark.parametrize("forwarded", ["", EDGE, f"nonsense, {EDGE}", "203.0.113.9"])
def test_a_header_that_tells_nothing(forwarded: str) -> None:
    assert viewer_address(EDGE, {"x-edge-secret": SECRET, "x-forwarded-for": forwarded}, SECRET) == EDGE


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_the_throttle_key_of_an_address(address: str, key: str) -> None:
    assert throttle_key(address) == key
