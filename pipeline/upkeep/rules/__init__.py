"""What can a new transfer be suggested, and what of the past may go?"""
