"""How is a file written so that it is whole, or not there?"""
