"""Requests to S3 are signed as botocore signs them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from chalicelib.aws.objects import Bucket
from chalicelib.aws.signing import Credentials
from chalicelib.errors import Unavailable

NOW_MS = 1_795_500_000_123


def bucket(endpoint: str = "", token: str = "", **options: Any) -> Bucket:
    return Bucket(
        "a-bucket", endpoint=endpoint, credentials=Credentials("AKID", "very secret", token), region="eu-west-1",
        now_ms=lambda: NOW_MS, **options,
    )  # fmt: skip


@pytest.mark.parametrize("token", ["", "a/session+token=="])
@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:4566"])
def test_a_link_equals_botocores(endpoint: str, token: str) -> None:
    link = bucket(endpoint, token).link("exports/a b/c~d.csv", 900, "jobs.csv")

    parts = urlsplit(link)
    assert parts.path == ("/a-bucket" if endpoint else "") + "/exports/a%20b/c~d.csv"
    assert parts.netloc == ("127.0.0.1:4566" if endpoint else "a-bucket.s3.eu-west-1.amazonaws.com")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert query["X-Amz-Expires"] == "900"
    disposition = {"response-content-disposition": query["response-content-disposition"]}
    reference = AWSRequest("GET", f"{parts.scheme}://{parts.netloc}{parts.path}", params=disposition)
    auth = S3SigV4QueryAuth(BotoCredentials("AKID", "very secret", token or None), "s3", "eu-west-1", expires=900)
    with patch("botocore.auth.get_current_datetime", return_value=datetime.fromtimestamp(NOW_MS // 1000, UTC)):
        auth.add_auth(reference)
    assert query["X-Amz-Signature"] == parse_qs(urlsplit(reference.url).query)["X-Amz-Signature"][0]


def test_an_endpoint_that_does_not_answer_is_tried_again_and_named() -> None:
    pauses: list[float] = []
    upload = bucket("http://127.0.0.1:9", pause=pauses.append).upload("k", "text/csv")
    upload.write("x")
    with pytest.raises(Unavailable, match="does not answer"):
        upload.complete()
    assert len(pauses) == 2
