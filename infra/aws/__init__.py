"""What a deployment consists of, how it is packaged, and how it gets to AWS or LocalStack."""
