"""Objects of S3 that last as long as the database whose records refer to them: moto keeps its own in memory.

Those below ``payloads/`` of one bucket, written, read and deleted as a whole. All else of S3 is moto's.
"""

import os
import re
import tempfile
from pathlib import Path
from urllib.parse import parse_qs

from multidict import CIMultiDict

from infra.local.files import private_folder
from infra.local.http.http1 import Request, Response

#: A key has folders and a name of letters that are safe in paths, and no part that begins with a dot.
_KEY = r"payloads(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+"
_TYPE = "application/json"


class ObjectFiles:
    """Serves objects from a folder."""

    def __init__(self, bucket: str, folder: Path) -> None:
        self._target = re.compile(rf"/{re.escape(bucket)}/({_KEY})")
        self._folder = folder

    def serves(self, request: Request) -> bool:
        """Return whether a request is about one of these objects."""
        known = request.method in {"GET", "HEAD", "PUT", "DELETE"}
        return known and self._target.fullmatch(request.target.partition("?")[0]) is not None

    def respond(self, request: Request) -> Response:
        """Answer a request that ``serves`` takes."""
        path, _, query = request.target.partition("?")
        found = self._target.fullmatch(path)
        assert found is not None  # noqa: S101 - see ``serves``
        file = self._folder / found[1]
        if request.method == "PUT":
            _write(file, request.body or b"")
            return Response(200, CIMultiDict(), b"")
        if request.method == "DELETE":
            file.unlink(missing_ok=True)
            return Response(204, CIMultiDict(), b"")
        try:
            body = file.read_bytes()
        except OSError:
            error = "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
            return Response(404, CIMultiDict({"Content-Type": "application/xml"}), error.encode())
        headers = CIMultiDict({"Content-Type": _TYPE})
        for disposition in parse_qs(query).get("response-content-disposition", ()):
            headers["Content-Disposition"] = disposition
        return Response(200, headers, body)


def _write(file: Path, body: bytes) -> None:
    """Replace a file in one step, synced to the disk: S3 keeps what it answered."""
    number, name = tempfile.mkstemp(dir=private_folder(file.parent), prefix=".new-")
    try:
        with os.fdopen(number, "wb") as output:
            output.write(body)
            output.flush()
            os.fsync(number)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
