"""Packaging and deployment to AWS or LocalStack."""
