"""Frames in, frames out: what the counts mean and what should be done about them."""
