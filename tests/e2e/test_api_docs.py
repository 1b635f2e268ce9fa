"""The examples of docs/api.md, run from top to bottom against a running stack."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from infra.local.testing import LocalStack
from tests.e2e.clients import Api
from tests.e2e.test_schemathesis import ENV, operator

pytestmark = pytest.mark.e2e
TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def test_the_examples_work() -> None:
    script = "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL))
    # a function, since --fail is not for readers
    script = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n' + script
    with LocalStack(env=ENV) as stack:
        Api.signed_up(stack).create("warm-up")
        environ = {**os.environ, "API": stack.api_url, "OPERATOR_TOKEN": operator(stack).token}
        done = subprocess.run(
            ["bash", "-c", script], env=environ, capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert '"success":false' not in done.stdout
