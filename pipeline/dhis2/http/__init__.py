"""How does a request reach a server and come back whole? The client, retries, and letters."""
