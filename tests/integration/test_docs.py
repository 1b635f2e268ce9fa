"""The OpenAPI document and its page, over the API."""

from __future__ import annotations

from tests.api_client import Api


def test_the_document(api: Api) -> None:
    answer = api.get("/openapi.json")
    assert answer.json["openapi"] == "3.1.0"
    assert answer.headers["Content-Type"] == "application/json"
    assert "max-age" in answer.headers["Cache-Control"]


def test_the_page_runs_scripts_of_its_own_origin_only(api: Api) -> None:
    answer = api.get("/docs")
    assert answer.headers["Content-Type"].startswith("text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    script = api.get("/docs/rapidoc-min.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "rapi-doc" in script.text
    assert api.get("/docs/nothing.js").status == 404
