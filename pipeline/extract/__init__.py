"""What does tracker count? The source is asked, and every answer is kept."""
