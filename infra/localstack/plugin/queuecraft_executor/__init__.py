"""A Lambda executor for LocalStack without Docker: functions are processes of the real `awslambdaric`.

LocalStack's interpreter loads this package (Python 3.13, found by the entry point), so it uses only the standard
library and LocalStack.
"""
