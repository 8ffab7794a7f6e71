"""What becomes of a cell, by what tracker, target and ledger say of it?"""
