"""What may not be written now, and why?"""
