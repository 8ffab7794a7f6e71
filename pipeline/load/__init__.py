"""Is exactly the plan in the target? It is sent, and believed only when it is read back."""
