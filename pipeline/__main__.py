"""Let `python -m pipeline` be the same as `tally`."""

from pipeline.cli import main

main()
