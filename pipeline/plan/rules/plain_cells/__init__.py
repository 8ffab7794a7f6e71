"""Which cells need no decision, and how many are they where guards look?"""
