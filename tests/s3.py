"""S3 by moto, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "exports-of-tests"
KEYS = {"aws_access_key_id": "AKID", "aws_secret_access_key": "secret"}


@dataclass(frozen=True)
class Storage:
    """A bucket, and its endpoint."""

    url: str

    @property
    def client(self) -> Any:
        return boto3.client("s3", endpoint_url=self.url, region_name="us-east-1", **KEYS)

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of functions that write to it."""
        return {"export_bucket": BUCKET, "payload_bucket": BUCKET, "s3_endpoint": self.url, **KEYS}

    def keys(self, prefix: str = "") -> list[str]:
        """The keys of its objects."""
        listed = self.client.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [each["Key"] for each in listed.get("Contents", ())]


@contextmanager
def storage() -> Iterator[Storage]:
    """Serve a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    found = Storage(f"http://{host}:{port}")
    found.client.create_bucket(Bucket=BUCKET)
    yield found
    server.stop()
