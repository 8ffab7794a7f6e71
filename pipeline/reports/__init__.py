"""Frames in, text out: what people read."""
