"""EventBridge: rules that invoke functions at certain times."""
