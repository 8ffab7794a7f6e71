"""`python -m pipeline` is `tally`."""

from pipeline.cli import main

main()
