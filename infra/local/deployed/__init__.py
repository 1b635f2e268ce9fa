"""What the stack runs, read from what is deployed: the Chalice app, its configuration, and the template."""
