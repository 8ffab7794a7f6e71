"""How are values sent, and what became of each of them?"""
