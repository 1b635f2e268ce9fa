"""Invoke Lambda functions asynchronously.

Requests are signed and sent without boto3, which takes 0.3 to 0.8 s to import and to create a client; the first
submission after a cold start would wait for it (docs/decisions/003-no-boto3-on-the-hot-path.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Lock
from typing import Any, Final
from urllib.parse import quote, urlsplit

from chalicelib.aws.kept import NO_ANSWER, KeptConnection
from chalicelib.aws.signing import Credentials, Signer
from chalicelib.errors import Unavailable

ACCEPTED: Final = 202
_EVENT: Final = {"x-amz-invocation-type": "Event"}


class Functions:
    """Calls one Lambda endpoint. Thread-safe."""

    def __init__(self, endpoint: str, credentials: Credentials, region: str, now_ms: Callable[[], int]) -> None:
        self._host = urlsplit(endpoint).netloc
        self._signer = Signer(credentials, region, "lambda", self._host)
        self._kept = KeptConnection(endpoint)
        self._now_ms = now_ms
        self._lock = Lock()

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        """Queue one invocation of function ``name``. Raises ``Unavailable`` when Lambda does not accept it."""
        path = f"/2015-03-31/functions/{quote(name, safe='')}/invocations"
        body = json.dumps(payload).encode()
        with self._lock:
            status = self._post(path, body)
            if status == NO_ANSWER:  # the server may have closed the kept connection
                status = self._post(path, body)
        if status != ACCEPTED:
            raise Unavailable(f"Lambda answered {status} to the invocation of {name}" if status else "No answer")

    def _post(self, path: str, body: bytes) -> int:
        signed = self._signer.headers("POST", path, body, self._now_ms(), _EVENT)
        return self._kept.request("POST", path, body, {"host": self._host, **_EVENT, **signed})
