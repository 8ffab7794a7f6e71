"""The shape of every frame that crosses a threshold."""
