"""The deployment that the stack runs, read from the Chalice app, its configuration, and the template."""
