"""How do servers from 2.43 on import values?"""
