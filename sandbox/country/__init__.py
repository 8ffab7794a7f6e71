"""Which invented country stands in the sandbox, and what happens there overnight?"""
