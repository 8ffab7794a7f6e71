"""What do the metadata endpoints answer?"""
