"""Secrets from SSM Parameter Store, read once at a cold start.

Requests are signed and sent without boto3, whose import alone takes longer than a cold start may.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.aws.signing import Credentials, Signer
from chalicelib.errors import Unavailable

TIMEOUT_S: Final = 3.0
_JSON: Final = "application/x-amz-json-1.1"
_TARGET: Final = "AmazonSSM.GetParameters"


def secrets(path: str, names: Sequence[str], env: Mapping[str, str], now_ms: Callable[[], int]) -> dict[str, str]:
    """Return the decrypted parameters ``path/name`` by name, without those that do not exist. At most ten (AWS limit).

    ``env`` has what Lambda sets: region, credentials, and an endpoint unless it is AWS's own. Raises ``Unavailable``
    when SSM does not answer or refuses.
    """
    region = env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or "us-east-1"
    endpoint = env.get("AWS_ENDPOINT_URL_SSM") or env.get("AWS_ENDPOINT_URL") or f"https://ssm.{region}.amazonaws.com"
    credentials = Credentials(
        env.get("AWS_ACCESS_KEY_ID", ""), env.get("AWS_SECRET_ACCESS_KEY", ""), env.get("AWS_SESSION_TOKEN", "")
    )
    signer = Signer(credentials, region, "ssm", urlsplit(endpoint).netloc)
    body = json.dumps({"Names": [f"{path}/{name}" for name in names], "WithDecryption": True}).encode()
    signed = signer.headers("POST", "/", body, now_ms(), {"x-amz-target": _TARGET})
    answer = _post(endpoint, body, {"content-type": _JSON, "x-amz-target": _TARGET, **signed})
    return {found["Name"].rpartition("/")[2]: found["Value"] for found in answer["Parameters"]}


def _post(endpoint: str, body: bytes, headers: Mapping[str, str]) -> Any:
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    parts = urlsplit(endpoint)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT_S)
    try:
        connection.request("POST", "/", body, dict(headers))
        response = connection.getresponse()
        text = response.read()
    except (OSError, HTTPException) as error:
        raise Unavailable(f"The parameter store does not answer ({type(error).__name__})") from error
    finally:
        connection.close()
    if response.status != 200:
        raise Unavailable(f"The parameter store answered {response.status}: {_code(text)}")
    return json.loads(text)


def _code(text: bytes) -> str:
    """Return the error's code; nothing else of the answer may be logged."""
    try:
        return str(json.loads(text).get("__type", "unknown"))[:100]
    except (ValueError, AttributeError):
        return "unknown"
