"""Commands for Redis are packed as redis-py packs them, without its copies."""

from __future__ import annotations

from typing import Any

import pytest
from redis.connection import HiredisRespSerializer
from redis.exceptions import DataError

from chalicelib.queue import client

COMMANDS: list[tuple[Any, ...]] = [
    ("EVALSHA", "ab" * 20, 1, "{ns}:é", b"\xff\x00", -7, 1.5, ""),
    ("SCRIPT LOAD", "return 1"),
    (b"PING",),
    ("SET", "key", bytearray(b"one"), memoryview(b"two")),
]


def packer_of_connections() -> Any:
    """Return what packs the commands of a client's connections."""
    return vars(client.connect("redis://127.0.0.1:1", 1).connection_pool.make_connection())["_command_packer"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
def test_a_command_has_the_bytes_that_redis_py_gives_it(command: tuple[Any, ...]) -> None:
    packer = packer_of_connections()
    assert type(packer) is not HiredisRespSerializer
    assert b"".join(packer.pack(*command)) == b"".join(HiredisRespSerializer().pack(*command))


def test_what_is_no_argument_is_refused() -> None:
    packer = packer_of_connections()
    with pytest.raises(DataError):
        packer.pack("SET", "key", None)
