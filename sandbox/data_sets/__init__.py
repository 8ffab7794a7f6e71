"""Which data sets are complete, locked or approved?"""
