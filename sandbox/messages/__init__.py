"""How does the sandbox read a request, and how does it word its answer?"""
