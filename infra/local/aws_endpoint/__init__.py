"""The endpoint for AWS SDKs: Lambda and `@connections` are ours, the rest is moto."""
