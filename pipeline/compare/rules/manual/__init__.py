"""Which cell does a manual row name, and which number does it hold?"""
