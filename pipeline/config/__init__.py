"""What does transfer.toml say, and what holds when nothing is written?"""
