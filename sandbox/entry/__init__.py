"""May a value be entered, and is a report complete?"""
