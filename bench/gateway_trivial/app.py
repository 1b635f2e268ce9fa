"""A function that does nothing, behind a route: what is measured is the gateway and the runtime."""

from typing import Any

from chalice.app import Chalice


class Trivial(Chalice):
    """A Chalice app for the tools, a bare handler for Lambda."""

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": "1"}


app = Trivial(app_name="trivial")


@app.route("/sync")
def sync() -> int:
    """Declares the route; the handler above answers it."""
    return 1
