"""The Redis client, configured so that no call waits long."""

from __future__ import annotations

import re
from typing import Any, Final

from hiredis import pack_command
from redis import BlockingConnectionPool, Redis
from redis import exceptions as r
from redis.backoff import ExponentialBackoff
from redis.connection import HiredisRespSerializer
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

CONNECT_S: Final = 1.0
#: Time-out of one answer.
SOCKET_S: Final = 5.0
#: Time that a command waits for a connection of the pool before it fails.
POOL_WAIT_S: Final = 3.0

_DOWN: Final = (
    r.ConnectionError, r.TimeoutError, r.ReadOnlyError, r.ClusterDownError, r.TryAgainError, r.MasterDownError,
    r.OutOfMemoryError, r.NoPermissionError, r.ExecAbortError,
)  # fmt: skip
#: Errors without a class of their own: too few replicas, failed disk writes, a script that hangs, no permission.
_REFUSAL: Final = re.compile(r"(^|caused error: )(NOREPLICAS|MISCONF|BUSY|ACL failure)\b")


def is_unavailable(error: Exception) -> bool:
    """Return whether the server is unreachable or refuses commands for now; otherwise the command was wrong."""
    return isinstance(error, _DOWN) or (isinstance(error, r.ResponseError) and bool(_REFUSAL.search(str(error))))


class _Packer(HiredisRespSerializer):
    """Packs commands by hiredis alone: the packer of redis-py copies the arguments first, which takes as long again."""

    def pack(self, *args: Any) -> list[bytes]:
        """Return the bytes of a command. Raises ``DataError``."""
        try:
            if " " not in args[0]:
                return [pack_command(args)]
        except TypeError:
            pass  # a type that redis-py converts or refuses
        packed: list[bytes] = super().pack(*args)
        return packed


def connect(url: str, connections: int, *, socket_timeout_s: float = SOCKET_S, connect_s: float = CONNECT_S) -> Redis:
    """Return a client that connects on first use and returns bytes.

    It has at most that many ``connections``; a command that finds all in use waits up to ``POOL_WAIT_S``.
    A command whose connection was dropped is repeated twice, within 0.1 s: pooled connections are dead after a restart
    of the server. Scripts may run twice. Time-outs are not retried: the caller decides.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        decode_responses=False,
        socket_timeout=socket_timeout_s,
        socket_connect_timeout=connect_s,
        socket_keepalive=True,
        retry=Retry(ExponentialBackoff(cap=0.08, base=0.02), 2, supported_errors=(RedisConnectionError,)),
        max_connections=connections,
        timeout=POOL_WAIT_S,
        protocol=2,
        command_packer=_Packer(),
    )
    return Redis.from_pool(pool)
