"""How do servers up to 2.42 import values?"""
