"""The Lambda service: functions in processes of the real `awslambdaric`, fed over the Lambda Runtime API."""
