"""What does a target hold, and what did it make of what was sent?"""
