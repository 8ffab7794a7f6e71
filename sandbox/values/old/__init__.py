"""How does the import engine up to 2.42 take data values?"""
