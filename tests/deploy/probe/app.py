"""Answers with the received event; fails on request."""

from typing import Any

from chalice.app import Chalice

app = Chalice(app_name="probe")
app.api.binary_types.append("application/x-probe")


@app.route("/echo/{name}", methods=["GET", "POST"], content_types=["application/json", "application/x-probe"])
def echo(name: str) -> Any:
    assert app.current_request is not None
    return app.current_request.to_original_event()
