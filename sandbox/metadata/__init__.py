"""Which metadata objects does a list name, and which one an id?"""
