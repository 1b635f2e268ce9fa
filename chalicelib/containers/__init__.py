"""The composition root: what the functions share. Each function's own container builds on it."""
