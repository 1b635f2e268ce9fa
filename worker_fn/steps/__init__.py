"""Durable steps: tasks that wait, and outlive the function in which they began."""
