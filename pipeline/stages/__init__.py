"""One module a stage: what happens between a server, the files and the store."""
