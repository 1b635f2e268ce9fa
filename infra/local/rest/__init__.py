"""API Gateway's REST API: HTTP requests become proxy events of the API function."""
