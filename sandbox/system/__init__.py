"""What does a server say about itself, and about its work in the background?"""
