"""What Tally says and how it is written: errors as letters, counts in words, escaping, streams."""
