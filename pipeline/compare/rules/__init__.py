"""How are two sides of one cell compared?"""
