"""The composition root: parts that functions share. Each function has its own container, built on these."""
