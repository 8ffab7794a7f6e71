"""What follows from what a store knows? Frames in, frames or text out."""
