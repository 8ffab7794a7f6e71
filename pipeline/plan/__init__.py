"""What would a load do with each cell? One action, with the reason, sealed."""
