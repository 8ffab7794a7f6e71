"""What do the manual reports say? Read from a data set or a file, and kept."""
