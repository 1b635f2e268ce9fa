"""The HTTP/1.1 server of all our ports."""
