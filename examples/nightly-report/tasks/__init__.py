"""Tasks: every module here is imported when a worker starts."""
