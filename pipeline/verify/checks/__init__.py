"""What is checked before a run; every module asks one question and yields findings."""
