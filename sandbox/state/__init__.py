"""What does the sandbox hold: metadata, users, values, counts, jobs?"""
