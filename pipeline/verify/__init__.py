"""Is everything ready for a run? Findings, each with a remedy; nothing is written."""
