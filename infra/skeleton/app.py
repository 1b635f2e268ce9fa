"""The API: QueueCraft's routes, and yours."""

from queuecraft.app import app, websocket_connect, websocket_disconnect, websocket_message

__all__ = ["app", "websocket_connect", "websocket_disconnect", "websocket_message"]


@app.route("/hello", cors=True)
def hello() -> dict[str, str]:
    """Answer anybody. Routes that know their caller are declared by `queuecraft.routes`."""
    return {"hello": "world"}
