"""What does the sandbox know? A world: metadata, users, values, counts."""
