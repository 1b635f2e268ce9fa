"""AWS services that are not ours, served by moto, which is started at the first call of one."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from infra.local.http.http1 import Request, Response
from infra.local.launch import __file__ as launcher
from infra.local.logs import ServiceLog
from infra.local.orphans import start

START_TIMEOUT_S = 30.0
SERVER = str(Path(__file__).with_name("moto_server.py"))
#: tells moto which service is meant, as the scope of a signature does
AS_S3 = {"Authorization": "AWS4-HMAC-SHA256 Credential=local/20300101/us-east-1/s3/aws4_request"}
#: headers of a single connection, which are not passed on
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length", "expect"}


class Moto:
    """A proxy to moto in a process of its own."""

    def __init__(self, log: ServiceLog, on_change: Callable[[], None], buckets: Sequence[str] = ()) -> None:
        """``buckets`` are made in S3 when it starts, as a deployment would have."""
        #: a folder that only this user can enter: moto itself has no authentication
        self._folder = tempfile.TemporaryDirectory(prefix="queuecraft-moto-")
        self._log = log
        self._on_change = on_change
        self._buckets = buckets
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Process id, None while it does not run."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def respond(self, request: Request) -> Response:
        """Pass a request on; return its answer."""
        async with self._starting:
            if self.pid is None:
                await self._start()
        assert self._session is not None  # noqa: S101 - made by _start
        headers = CIMultiDict((name, value) for name, value in request.headers if name.lower() not in HOP_BY_HOP)
        url = URL(f"http://localhost{request.target}", encoded=True)
        async with self._session.request(
            request.method, url, headers=headers, data=request.body or None, allow_redirects=False
        ) as answer:
            content = await answer.read()
            passed = CIMultiDict((n, v) for n, v in answer.headers.items() if n.lower() not in HOP_BY_HOP)
            return Response(answer.status, passed, content)

    async def close(self) -> None:
        """End the process."""
        if self._session is not None:
            await self._session.close()
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._folder.cleanup()

    async def _start(self) -> None:
        address = Path(self._folder.name, "socket")
        self._log.note("starting moto for an AWS service that is not built in")
        self._log.flush()
        with self._log.path.open("ab") as output:
            self._process = await start(
                *(sys.executable, launcher, str(os.getpid())),
                *(sys.executable, "-P", SERVER, "-H", f"unix://{address}"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        if self._session is None:
            connector = aiohttp.UnixConnector(path=str(address))
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        async with asyncio.timeout(START_TIMEOUT_S):
            while not await self._answers():
                await asyncio.sleep(0.05)
            for bucket in self._buckets:
                async with self._session.put(f"http://localhost/{bucket}", headers=AS_S3):
                    pass
        self._on_change()

    async def _answers(self) -> bool:
        assert self._session is not None  # noqa: S101 - made before
        try:
            async with self._session.get("http://localhost/moto-api/data.json"):
                return True
        except aiohttp.ClientError:
            return False
