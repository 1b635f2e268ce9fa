"""API Gateway's WebSocket API: connections become events, and `@connections` reaches the clients."""
