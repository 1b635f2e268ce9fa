"""The endpoint that AWS SDKs are pointed at: Lambda and `@connections` are ours, the rest is moto."""
