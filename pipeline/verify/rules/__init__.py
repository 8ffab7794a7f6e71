"""What is wrong with what was read, and what is to be done about it?"""
