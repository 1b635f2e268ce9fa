"""The Lambda service: functions in processes of the real `awslambdaric`, served by the Lambda Runtime API."""
