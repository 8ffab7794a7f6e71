"""How does the sandbox speak? One application on loopback, who may enter, what goes wrong."""
