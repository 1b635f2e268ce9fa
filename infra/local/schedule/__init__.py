"""EventBridge: rules that invoke functions at times."""
