"""Which questions are asked, and what rows does an answer hold?"""
