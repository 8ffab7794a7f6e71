"""How is the sandbox served: over loopback, to whom, and with which faults?"""
