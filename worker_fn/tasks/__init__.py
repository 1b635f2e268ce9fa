"""Tasks: every module in this folder is imported when a worker starts. See ``docs/writing-tasks.md``."""
