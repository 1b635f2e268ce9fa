"""A Lambda executor for LocalStack that needs no Docker: functions are processes of the real `awslambdaric`.

This package is loaded by LocalStack's interpreter (Python 3.13, found by the entry point beside it), so it uses
the standard library and LocalStack alone.
"""
