"""Invoke Lambda functions. boto3 loads on the first call, never at import."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Final

_CONNECT_S: Final = 1.0
_READ_S: Final = 3.0


class Functions:
    """Asynchronous invocations: fire, and let Lambda run it."""

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=_CONNECT_S,
            read_timeout=_READ_S,
            retries={"total_max_attempts": 2, "mode": "standard"},
            max_pool_connections=10,
            tcp_keepalive=True,
        )
        return boto3.client("lambda", config=config)

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        """Queue one invocation of ``name``; raises botocore's errors when it is refused."""
        self._client.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(payload).encode())
