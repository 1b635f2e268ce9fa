"""The API: QueueCraft's routes."""

from queuecraft.app import app, websocket_connect, websocket_disconnect, websocket_message

__all__ = ["app", "websocket_connect", "websocket_disconnect", "websocket_message"]
