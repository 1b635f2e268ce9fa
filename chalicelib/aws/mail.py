"""Send mails by Amazon SES (API of version 1, which LocalStack has too), without boto3.

https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode, urlsplit

from chalicelib.aws.signing import Credentials, Signer
from chalicelib.errors import MailRefused, Unavailable

TIMEOUT_S: Final = 10.0
_FORM: Final = "application/x-www-form-urlencoded; charset=utf-8"
_CODE: Final = re.compile(rb"<Code>([A-Za-z.]{1,100})</Code>")
#: Refusals that are over after a while.
_PASSING: Final = frozenset({"Throttling", "ThrottlingException", "ServiceUnavailable", "RequestExpired"})


class Ses:
    """Calls one endpoint, with a connection for each mail: mails are few."""

    def __init__(self, endpoint: str, credentials: Credentials, region: str, now_ms: Callable[[], int]) -> None:
        self._endpoint = endpoint
        self._host = urlsplit(endpoint).netloc
        self._signer = Signer(credentials, region, "ses", self._host)
        self._now_ms = now_ms

    def send(self, raw: bytes, to: str) -> None:
        """Send a mail in its wire form.

        Raises ``Unavailable`` when another attempt may succeed, ``MailRefused`` when none will.
        """
        fields = {
            "Action": "SendRawEmail",
            "Version": "2010-12-01",
            "Destinations.member.1": to,
            "RawMessage.Data": b64encode(raw).decode(),
        }
        body = urlencode(fields).encode()
        signed = self._signer.headers("POST", "/", body, self._now_ms(), {"content-type": _FORM})
        status, text = self._post(body, signed)
        if status == 200:
            return
        found = _CODE.search(text)
        code = found[1].decode() if found else "unknown"
        if status >= 500 or status == 429 or code in _PASSING:
            raise Unavailable(f"SES answered {status}: {code}")
        raise MailRefused(f"SES answered {status}: {code}")

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        from http.client import HTTPConnection, HTTPException, HTTPSConnection

        kind = HTTPSConnection if self._endpoint.startswith("https:") else HTTPConnection
        connection = kind(self._host, timeout=TIMEOUT_S)
        try:
            connection.request("POST", "/", body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, HTTPException) as error:
            raise Unavailable(f"SES does not answer ({type(error).__name__})") from error
        finally:
            connection.close()
