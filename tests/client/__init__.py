"""Tests of the Python client, on fake I/O or sockets of this machine."""
