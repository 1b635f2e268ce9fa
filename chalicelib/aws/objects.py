"""Objects in one bucket of S3: uploads of unknown length, and links that expire.

Requests are signed and sent without boto3, as those to Lambda are (docs/decisions/003-no-boto3-on-the-hot-path.md); a
test compares the signatures with botocore's.
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape, unescape

from chalicelib.aws.signing import Credentials
from chalicelib.errors import ObjectMissing, Unavailable

#: Parts of an upload; S3 wants at least 5 MiB but for the last one, and takes 10,000.
PART_BYTES: Final = 8 * 1024 * 1024
#: Time limit of one request.
TIMEOUT_S: Final = 30.0
#: How often a request that was not answered, or by an error of the server, is sent.
TRIES: Final = 3
_EMPTY: Final = sha256(b"").hexdigest()
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Bucket:
    """One bucket. ``endpoint``: of another S3 than the region's own, where the bucket stands in the path."""

    def __init__(
        self,
        name: str,
        *,
        endpoint: str,
        credentials: Credentials,
        region: str,
        now_ms: Callable[[], int],
        pause: Callable[[float], None] = time.sleep,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        parts = urlsplit(endpoint or f"https://{name}.s3.{region}.amazonaws.com")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        self._host = parts.netloc
        self._prefix = f"/{name}/" if endpoint else "/"
        self._credentials = credentials
        self._region = region
        self._now_ms = now_ms
        self._pause = pause
        self._timeout_s = timeout_s

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object at once. Raises ``Unavailable``."""
        self.send("PUT", key, {}, body, {"content-type": content_type})

    def get(self, key: str) -> str:
        """Return the text of an object. Raises ``ObjectMissing``, ``Unavailable``."""
        return self.send("GET", key, {})[1]

    def delete(self, key: str) -> None:
        """Delete an object, if it is there. Raises ``Unavailable``."""
        self.send("DELETE", key, {})

    def upload(self, key: str, content_type: str) -> Upload:
        """Return an upload of the object ``key``, which replaces the one before when it is completed."""
        return Upload(self, key, content_type)

    def link(self, key: str, expires_s: int, filename: str) -> str:
        """Return a URL by which anybody gets the object, as a download called ``filename``, for ``expires_s`` seconds.

        It ends before that if the credentials of the function do.
        """
        at = self._timestamp()
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{self._credentials.access_key_id}/{self._scope(at)}",
            "X-Amz-Date": at,
            "X-Amz-Expires": str(expires_s),
            "X-Amz-SignedHeaders": "host",
            "response-content-disposition": f'attachment; filename="{filename}"',
        }
        if self._credentials.session_token:
            query["X-Amz-Security-Token"] = self._credentials.session_token
        path = self._path(key)
        signature = self._signature("GET", path, query, {"host": self._host}, "UNSIGNED-PAYLOAD", at)
        return f"{self._origin}{path}?{_query(query)}&X-Amz-Signature={signature}"

    def send(
        self, method: str, key: str, query: Mapping[str, str], body: bytes = b"", headers: Mapping[str, str] = _NONE
    ) -> tuple[Mapping[str, str], str]:
        """Send a request; return headers (names in lower case) and text of the answer. Raises ``Unavailable``."""
        for n in range(1, TRIES + 1):
            status, answered, text = self._once(method, key, query, body, headers)
            # CompleteMultipartUpload may fail after its status was sent
            if 200 <= status < 300 and (method != "POST" or "<Error>" not in text):
                return answered, text
            if n == TRIES or 300 <= status < 500:
                break
            self._pause(0.2 * 2**n)
        code = re.search(r"<Code>(\w+)</Code>", text)
        if code and code[1] == "NoSuchKey":
            raise ObjectMissing("S3 has no such object")
        raise Unavailable(f"S3 answered {status} {code[1] if code else ''}".strip() if status else "S3 does not answer")

    def _once(
        self, method: str, key: str, query: Mapping[str, str], body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], str]:
        from http.client import HTTPConnection, HTTPException, HTTPSConnection

        path, at = self._path(key), self._timestamp()
        digest = sha256(body).hexdigest() if body else _EMPTY
        signed = {"host": self._host, "x-amz-content-sha256": digest, "x-amz-date": at, **headers}
        if self._credentials.session_token:
            signed["x-amz-security-token"] = self._credentials.session_token
        signature = self._signature(method, path, query, signed, digest, at)
        names = ";".join(sorted(signed))
        signed["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self._credentials.access_key_id}/{self._scope(at)}, "
            f"SignedHeaders={names}, Signature={signature}"
        )
        target = f"{path}?{_query(query)}" if query else path
        connection = (HTTPSConnection if self._secure else HTTPConnection)(self._host, timeout=self._timeout_s)
        try:
            connection.request(method, target, body, signed)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException):
            return 0, {}, ""
        finally:
            connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text

    def _signature(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], digest: str, at: str
    ) -> str:
        names = sorted(headers)
        lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
        canonical = f"{method}\n{path}\n{_query(query)}\n{lines}\n{';'.join(names)}\n{digest}"
        to_sign = f"AWS4-HMAC-SHA256\n{at}\n{self._scope(at)}\n{sha256(canonical.encode()).hexdigest()}"
        key = f"AWS4{self._credentials.secret_access_key}".encode()
        for part in (at[:8], self._region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, to_sign.encode(), "sha256").hex()

    def _scope(self, at: str) -> str:
        return f"{at[:8]}/{self._region}/s3/aws4_request"

    def _path(self, key: str) -> str:
        return self._prefix + quote(key, safe="/~")

    def _timestamp(self) -> str:
        return datetime.fromtimestamp(self._now_ms() // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


class Upload:
    """One object that is being written, in parts once it is larger than one. Nothing is seen before ``complete``.

    Raises ``Unavailable`` where S3 does not take it.
    """

    def __init__(self, bucket: Bucket, key: str, content_type: str) -> None:
        self._bucket = bucket
        self._key = key
        self._headers = {"content-type": content_type}
        self._held = bytearray()
        self._id = ""
        self._tags: list[str] = []
        #: Bytes written so far.
        self.size = 0

    def write(self, text: str) -> None:
        """Add text."""
        raw = text.encode()
        self.size += len(raw)
        self._held += raw
        while len(self._held) >= PART_BYTES:
            self._send_part(bytes(self._held[:PART_BYTES]))
            del self._held[:PART_BYTES]

    def complete(self) -> None:
        """Make the object."""
        if not self._id:
            self._bucket.send("PUT", self._key, {}, bytes(self._held), self._headers)
            return
        if self._held:
            self._send_part(bytes(self._held))
        parts = "".join(
            f"<Part><PartNumber>{n}</PartNumber><ETag>{escape(tag)}</ETag></Part>"
            for n, tag in enumerate(self._tags, 1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"
        self._bucket.send("POST", self._key, {"uploadId": self._id}, body.encode())

    def abort(self) -> None:
        """Drop what was sent. The bucket's lifecycle drops what a crash leaves."""
        if self._id:
            self._bucket.send("DELETE", self._key, {"uploadId": self._id})

    def _send_part(self, part: bytes) -> None:
        if not self._id:
            _, text = self._bucket.send("POST", self._key, {"uploads": ""}, b"", self._headers)
            found = re.search(r"<UploadId>([^<]+)</UploadId>", text)
            if found is None:
                raise Unavailable("S3 began no upload")
            self._id = unescape(found[1])
        query = {"partNumber": str(len(self._tags) + 1), "uploadId": self._id}
        headers, _ = self._bucket.send("PUT", self._key, query, part)
        self._tags.append(headers["etag"])


def _query(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(query.items()))
