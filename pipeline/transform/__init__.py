"""Which value does each row become, or why is it a reject?"""
