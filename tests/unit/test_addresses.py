"""Addresses that a job's request may reach."""

import pytest

from chalicelib.domain.addresses import is_public


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:830::200e"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "::1",  # loopback
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "fd00:ec2::254",  # private
        "169.254.169.254", "fe80::1", "fe80::1%eth0",  # link-local
        "0.0.0.0", "0.1.2.3", "::",  # this network
        "100.64.0.1",  # carrier-grade NAT
        "224.0.0.1", "239.255.255.250", "ff02::1",  # multicast
        "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "192.0.0.8", "192.88.99.1",  # reserved
        "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "::ffff:0:7f00:1",  # mapped
        "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",  # NAT64
        "2002:7f00:1::", "2001:0:1::1",  # 6to4, Teredo
        "fec0::1", "2001:db8::1",  # site-local, documentation
        "", "localhost", "2130706433", "0x7f000001", "127.1",  # no addresses
    ],
)  # fmt: skip
def test_all_others_are_not(address: str) -> None:
    assert not is_public(address)
