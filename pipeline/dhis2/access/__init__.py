"""Which server is meant, and with which credentials?"""
