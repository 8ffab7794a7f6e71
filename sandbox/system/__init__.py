"""What does a server say about itself and about its background jobs?"""
