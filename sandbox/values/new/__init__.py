"""How does the import engine from 2.43 on take data values?"""
