"""How a function becomes a task: loading its module, checking its signature and payload, the registry."""
