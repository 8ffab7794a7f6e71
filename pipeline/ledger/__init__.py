"""What did we write, and did it arrive? Journal, settling, guards passed."""
